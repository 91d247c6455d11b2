/** CPUs of a program by default, if the target has them: two whose calls overlap, and one that looks on. */
export const USUAL_CPUS = 3;

/** Frames of a program by default, if the target has them. */
export const USUAL_FRAMES = 64;
