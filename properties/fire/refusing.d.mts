export declare const HANDSHAKE: string;
export declare function outcome(step: string): string;
export declare function isStep(line: string): boolean;
export declare function outcomes(lines: readonly string[]): string;
export declare function trace(id: string | number, lines: readonly string[]): string;
