/**
 * Small systems with known answers, written in the subset and compiled as models are.
 *
 * In: a file of `procedures/`, its machine, its processes. Out: a description, a compiled system.
 * Never: a word of KVM.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  type CompiledSystem,
  type CompileOptions,
  compileSystem,
  intTypes,
  parseSubsetOrThrow,
  type SystemDescription,
} from '../../compiler/index.ts';
import { describeMachine } from '../../compiler/machine/schema.ts';
import { packageRoot } from '../../compiler/packageRoot.ts';

export interface Toy {
  readonly name: string;
  /** File of `procedures/` with the text. */
  readonly file: string;
  readonly tables: Readonly<Record<string, z.ZodObject>>;
  readonly constants?: Readonly<Record<string, number>>;
  readonly processes: SystemDescription['processes'];
  readonly properties: SystemDescription['properties'];
  readonly quiescent?: string;
}

/** Throws RefusalError if the text is not in the subset. */
export function describeToy(toy: Toy): SystemDescription {
  const machine = describeMachine(toy.tables);
  const constants = new Map(Object.entries(toy.constants ?? {}).map(([name, value]) => [name, { type: intTypes.u32, value }]));
  const path = `explorer/toys/procedures/${toy.file}`;
  const text = readFileSync(join(packageRoot(), path), 'utf8');
  return {
    name: toy.name,
    machine,
    constants,
    procedures: parseSubsetOrThrow([{ path, text }], { machine, constants }),
    prologue: null,
    processes: toy.processes,
    properties: toy.properties,
    hooks: [],
    quiescent: toy.quiescent ?? null,
  };
}

export function compileToy(toy: Toy, options?: CompileOptions): CompiledSystem {
  return compileSystem(describeToy(toy), options);
}

/** `count` processes that run `procedure`, number k with k as its one argument, or with a reference to row k. */
export function processesOf(
  procedure: string,
  count: number,
  kind: 'essential' | 'daemon',
  argument: 'number' | 'reference',
): SystemDescription['processes'] {
  return Array.from({ length: count }, (_, k) => ({
    name: `${procedure}${k}`,
    title: `${procedure} ${k}`,
    procedure,
    args: [argument === 'reference' ? k + 1 : k],
    kind,
  }));
}

export function always(id: string, predicate: string): SystemDescription['properties'][number] {
  return { kind: 'state', id, name: predicate, predicate, scope: { kind: 'always' } };
}
