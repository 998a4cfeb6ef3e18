/**
 * What a scenario is: who runs what, within which bounds, and what each variant is expected to do.
 *
 * In: nothing. Out: types and the lists of files that scenarios are built from. Never: a search word.
 */
import type { Bounds, ModelOptions } from './machine/index.ts';
import type { SeedForm } from './seeds.ts';

/** Who builds tables: each is modelled on its own. */
export type Engine = 'shadow' | 'tdp';

export type PresetName = 'small' | 'medium' | 'large';

/** A process. References among `args` are row + 1, as in the compiler's encoding. */
export interface ScenarioProcess {
  readonly name: string;
  /** Head of its lane in a trace. */
  readonly title: string;
  readonly procedure: string;
  readonly args: readonly number[];
  readonly kind: 'essential' | 'daemon';
}

export interface Preset {
  readonly bounds: Bounds;
  readonly options: ModelOptions;
  readonly processes: readonly ScenarioProcess[];
}

/** A set of procedures that replace others, and what the scenario then shows. */
export interface ScenarioVariant {
  readonly name: string;
  /** Which code this is, in a sentence. */
  readonly title: string;
  /** Which forms of the proposal of the scenario's era this code is; none if left out: a mutant, or a version in between. */
  readonly forms?: readonly SeedForm[];
  /** Files whose functions replace those of the scenario's own files, in order. */
  readonly replacing: readonly string[];
  /** Ids of exactly those properties that are violated; all others of the scenario hold. */
  readonly violated: readonly string[];
  /** Worst values at small bounds, by the id of the property or measure: what it costs is as much an expectation as what it violates. */
  readonly worst?: Readonly<Record<string, number>>;
  /** Ids of properties that must not be asked of this variant, each with the reason. */
  readonly exempt?: readonly { readonly id: string; readonly reason: string }[];
}

/** A state that makes the scenario what it is: if no run reaches it, the run is vacuous. */
export interface InterestingState {
  readonly name: string;
  readonly predicate: string;
}

export interface Scenario {
  /** As in the documentation: `3.3 B`. */
  readonly name: string;
  readonly title: string;
  /** Which of KVM's two engines it is about, each with a machine of its own; the shadow MMU if left out. */
  readonly engine?: Engine;
  /** Era of its signatures and spellings: the year of the patch that it belongs to. */
  readonly era: string;
  /**
   * False: patches are not judged in it, since no proposal of its era is about what it shows, and it would cost each of them time. Names of kernel
   * functions: only patches on a tree that change one of them are, for the same reason. Left out: all.
   */
  readonly takesPatches?: false | readonly string[];
  /** What happens, and which behaviours its guest program leaves out. */
  readonly about: string;
  /** Files of procedures that every variant starts from, and of the prologue and predicates. */
  readonly files: readonly string[];
  readonly prologue: { readonly procedure: string; readonly args: readonly number[] };
  readonly presets: Readonly<Record<PresetName, Preset>>;
  readonly variants: readonly ScenarioVariant[];
  /** Ids of the properties that are checked. */
  readonly properties: readonly string[];
  /** Ids of what is counted beside them. */
  readonly measures?: readonly string[];
  readonly interesting: readonly InterestingState[];
}

/** Procedures as of 5.18 to 5.19 with the fix: what variants replace parts of. */
export const procedureFiles: readonly string[] = [
  'spte',
  'lists',
  'requests',
  'remoteFlush',
  'rmaps',
  'unsync',
  'zap',
  'guestMemory',
  'syncPage',
  'shadowPages',
  'roots',
  'rootCache',
  'obsoleteRoots',
  'zapAll',
  'sync',
  'guestTables',
  'writeProtection',
  'fault',
  'writeTracking',
  'guest',
  'entry',
].map((name) => `model/procedures/${name}.ts`);
