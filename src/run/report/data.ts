import type { Definition, Diagnosis } from '../../findings/finding.ts';
import type { Certificate } from '../../programs/certify/certificate.ts';
import type { RareHere, Status } from './coverage.ts';
import type { FunctionCoverage } from './functions.ts';
import type { Compared, Note, Phase, Report } from './report.ts';
import type { Untested } from './untested.ts';

/** A JSON report, as `schema/report.schema.json` describes it. */
export interface ReportData {
  /** The version of mmspec that wrote it. */
  readonly mmspec: string;
  readonly target: { readonly spec: string; readonly name: string };
  readonly profile: string;
  readonly traits: readonly string[];
  readonly seed: number;
  readonly seedFrom?: string;
  /** What the options asked for, by name. */
  readonly asked?: Readonly<Record<string, string>>;
  /** The configuration file of a gate. */
  readonly config?: string;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly cpus: number;
  /** CPUs of the target, and those that were wanted. Reports of version 0.1 lack them, and the five fields below. */
  readonly targetCpus?: number;
  readonly wantedCpus?: number;
  readonly scope?: Report['scope'];
  /** Which kernel on which machine the target is. */
  readonly machine?: Report['machine'];
  readonly calls?: readonly CallData[];
  readonly acrossCpus?: number;
  readonly notes?: readonly Note[];
  /** The declared traits that differ from the documentation. */
  readonly differences?: readonly DifferenceData[];
  /** What the run did not test; see `untested`. */
  readonly untested?: readonly Untested[];
  readonly frames: number;
  readonly page: number;
  readonly windows: Readonly<Record<string, { readonly start: string; readonly end: string }>>;
  readonly programs: number;
  readonly steps: number;
  /** Programs without a verdict. */
  readonly unknown: number;
  /** Not everything that was asked for ran, for whatever reason. */
  readonly interrupted: boolean;
  /** How often the target failed outside a step; reports of version 0.1 do not say. */
  readonly targetFailures?: number;
  readonly exit: number;
  readonly time: { readonly milliseconds: number; readonly running: number; readonly stepsPerSecond: number };
  readonly phases: readonly Phase[];
  readonly clauses: readonly ClauseData[];
  readonly selected: readonly string[];
  readonly unsupported: readonly string[];
  readonly goals: readonly GoalData[];
  /** The states of the vocabulary; reports of version 0.1 have none. */
  readonly states?: readonly StateData[];
  /** The functions that programs entered, if the target watches them. */
  readonly functions?: FunctionCoverage;
  readonly required: readonly RequiredData[];
  readonly expected: readonly ExpectedData[];
  /** The comparison with the report of the base branch. */
  readonly base?: Compared;
  readonly findings: readonly FindingData[];
}

/** How well a call was tested; the fields of `CallCoverage`. */
export interface CallData {
  readonly call: string;
  readonly effects: number;
  readonly unsupported: number;
}

/** A declared trait that differs from the documentation, with the ids of the clauses that it gives up and adds. */
export interface DifferenceData {
  readonly trait: string;
  readonly choice: string;
  readonly documented: string;
  readonly meaning: string;
  readonly givesUp: readonly string[];
  readonly adds: readonly string[];
}

export interface ClauseData {
  readonly id: string;
  readonly level: string;
  readonly of: string;
  readonly sentence: string;
  readonly source: string;
  readonly status: Status;
  readonly exercised: number;
  readonly upheld: number;
  readonly violated: number;
  readonly unarmed: number;
  readonly missing: readonly string[];
  /** What the target lacks to show the clause; missing in reports of version 0.1. */
  readonly needs?: readonly string[];
  /** Why few programs exercise the clause on this target; left out if many do. */
  readonly rare?: RareHere;
}

/** A state by its id, and the programs that reached it. */
interface StateData {
  readonly id: string;
  readonly programs: number;
}

interface GoalData {
  readonly id: string;
  readonly sentence: string;
  readonly programs: number;
  readonly missing: readonly string[];
}

interface RequiredData {
  readonly kind: 'clause' | 'goal' | 'state';
  readonly id: string;
  readonly least: number;
  readonly seen: number;
  readonly met: boolean;
  readonly excluded?: string;
}

export interface ExpectedData {
  readonly file: string;
  readonly line: number;
  readonly clause: string;
  readonly program: string;
  /** The line of the file, as mmspec prints it. */
  readonly text: string;
  readonly met: number;
  readonly shown?: { readonly failed: number; readonly of: number };
}

/** The step to blame for a finding. */
export interface CulpritData {
  /** Its place in the program, from 1. */
  readonly step: number;
  readonly call: string;
  /** The clause that it broke, which reports quote first. */
  readonly clause: string;
}

/** Another way in which the same fault showed. */
export interface SymptomData
  extends Pick<
    FindingData,
    'key' | 'clause' | 'call' | 'step' | 'allowed' | 'seen' | 'also' | 'cpus' | 'frames' | 'hash' | 'trace'
  > {}

export interface FindingData {
  readonly key: string;
  readonly clause: string;
  readonly sentence: string;
  readonly source: string;
  /** The call of the step that breaks the clause. */
  readonly call: string;
  readonly cpus: number;
  readonly frames: number;
  readonly program: string;
  readonly hash: string;
  readonly trace: string;
  /** The step that breaks the clause, from 1. */
  readonly step: number;
  readonly allowed: string;
  readonly seen: string;
  readonly also: readonly string[];
  /** Reports of version 0.1 have neither this nor symptoms. */
  readonly culprit?: CulpritData;
  readonly symptoms?: readonly SymptomData[];
  readonly again: number;
  readonly rate: { readonly failed: number; readonly of: number };
  readonly confirmed: boolean;
  /** Programs that must run before it on a fresh target. */
  readonly before?: readonly string[];
  readonly diagnosis?: Diagnosis;
  /** Where the target's sources define the functions that matter. */
  readonly code?: readonly Definition[];
  /** The key of the finding of the base branch that shows the same fault. */
  readonly inBase?: string;
  readonly certificate?: Certificate;
  readonly file?: string;
  readonly shrink: { readonly from: number; readonly to: number; readonly executions: number };
  /** Its place in the whole run, and the steps that this process ran before it. */
  readonly after: { readonly programs: number; readonly steps: number };
}
