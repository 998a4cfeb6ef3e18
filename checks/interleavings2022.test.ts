/**
 * The reference interleavings C8 (the table goes while the locks are dropped), C9 (a fault splits the huge page whose D is being
 * cleared) and C10 (a write through what the TLB still holds): the search finds them, and the model takes them as they are told.
 */
import { describe, expect, it } from 'vitest';
import { compileSystem, decodeMachine, type MachineState } from '../compiler/index.ts';
import { describeSystem } from './describeSystem.ts';
import type { Leg } from './testing/drive.ts';
import { cell, drivenTrace, foundTrace, mmuLock, smallChoice } from './testing/interleaving.ts';
import { inOrder } from './testing/told.ts';

const isSet = (value: unknown) => value === 1 || value === true;
const free = (state: MachineState) => mmuLock(state).writer === 0 && (mmuLock(state).readers ?? 0) === 0;
const inRcu = (state: MachineState, process: number) => cell(state, 'tasks', 'rcu', process) === 1;
/** Tables: A the root, B of level 2 with the huge page in its first entry, C what that is split into. */
const [rowA, rowB, entries] = [0, 1, 2];
const entry = (state: MachineState, row: number, index = 0) => Number(cell(state, 'pages', 'spt', row * entries + index));
const isFreed = (state: MachineState, row: number) => cell(state, 'pages', 'role.level', row) === 0;

describe('C8: the table that is being split goes while the lock is dropped', () => {
  const [splitter, recovery, rcu] = [0, 1, 2];
  const names = ['splitter', 'recovery', 'rcu'];
  const property = 'fault:useAfterFree';
  const story = ['splitter: drop mmu_lock', 'recovery: A.spt[0]: B -> ---', 'recovery: B.rcu_head: 0 -> 1', 'splitter: take mmu_lock'];
  const legs: Leg[] = [
    {
      what: 'D: at the huge SPTE, drops RCU and R to allocate',
      process: splitter,
      until: (s) => free(s) && !inRcu(s, splitter) && cell(s, 'pages', 'tdp_mmu_root_count', rowA) === 3,
    },
    { what: 'Z: removes P, flushes', process: recovery, until: (s) => entry(s, rowA) === 0 && free(s) && !inRcu(s, recovery) },
    { what: 'the grace period ends', process: rcu, until: (s) => isFreed(s, rowB) },
  ];

  it('is a shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.4-C', 'continued', property);
    expect(inOrder(trace, names, story)).toEqual(story);
    expect(trace.steps.at(-1)?.process).toBe(splitter);
  });
  const touches: Leg = { what: 'D: compare-exchange in P', process: splitter, until: () => false, ends: true };
  it('happens as told', () => {
    const trace = drivenTrace('3.4-C', 'continued', property, [...legs, touches]);
    expect(inOrder(trace, names, story)).toEqual(story);
  });
  it.each(['v2', 'v5.18', 'v6.12'])('begins anew at the root: %s', (variant) => {
    expect(() => drivenTrace('3.4-C', variant, property, [...legs, touches])).toThrow('D: compare-exchange in P');
  });
});

describe('C9: a fault puts a table where D is being cleared', () => {
  const [clearer, vcpu] = [0, 1];
  const names = ['clear', 'vcpu'];
  const split = 'vcpu: B.spt[0]: pfn 0 W D -> C';
  const story = [split, 'clear: violates I-19'];
  const atFirst = compileSystem(describeSystem(smallChoice('3.4-F', 'v6.8')));
  const huge = entry(decodeMachine(atFirst.layout, atFirst.initialStates()[0] ?? new Int32Array(), 0), rowB);
  const legs: Leg[] = [
    { what: 'D1: R, snapshot of the huge leaf', process: clearer, until: (s) => entry(s, rowB) !== huge, before: true },
    { what: "V's write fault: SPTE is non-leaf now", process: vcpu, until: (s) => entry(s, rowB) !== huge },
    { what: 'D1: exchange fails, W of the link goes', process: clearer, until: (_, violated) => violated.includes('I-19') },
  ];

  it('is a shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.4-F', 'write-form', 'I-19');
    expect(inOrder(trace, names, story)).toEqual(story);
  });
  it('happens as told', () => {
    const trace = drivenTrace('3.4-F', 'write-form', 'I-19', legs);
    expect(inOrder(trace, names, story)).toEqual(story);
  });
  it.each(['merged', 'v6.8', 'v6.8-write'])('clears nothing in the link: %s', (variant) => {
    expect(() => drivenTrace('3.4-F', variant, 'I-19', legs)).toThrow('D1: exchange fails, W of the link goes');
  });
});

describe('C10: a write through what the TLB still holds', () => {
  const [migration, vcpu] = [0, 1];
  const names = ['migration', 'vcpu'];
  const story = [
    'migration: B.spt[0]: pfn 0 W -> C',
    'migration: C.spt[0]: pfn 0 W -> pfn 0',
    'migration: C.spt[1]: pfn 1 W -> pfn 1',
    'vcpu: writtenUnreported: none -> gfn 1',
    'migration: violates I-17',
  ];
  const settled = (s: MachineState) => isSet(cell(s, 'vm', 'loggingSettled'));
  const legs: Leg[] = [
    { what: 'D: splits, removes W, returns without flush', process: migration, until: settled },
    { what: 'user reads and clears', process: migration, until: (s) => settled(s) && waiting(s) },
    { what: 'H writes gfn 1', process: vcpu, until: (s) => cell(s, 'vm', 'writtenUnreported') === 2 },
    { what: 'V stops', process: vcpu, until: (s) => isSet(cell(s, 'vcpus', 'done')) },
    { what: 'the last harvest', process: migration, until: (_, violated) => violated.includes('I-17') },
  ];
  const waiting = (s: MachineState) => free(s) && cell(s, 'vm', 'harvesting') === 0;

  it('is a shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.4-A', 'unflushed', 'I-17');
    const [first, second, third, , last] = story;
    expect(inOrder(trace, names, [first ?? '', second ?? '', third ?? '', last ?? ''])).toEqual([first, second, third, last]);
  });
  it('happens as told', () => {
    const trace = drivenTrace('3.4-A', 'unflushed', 'I-17', legs);
    expect(inOrder(trace, names, story)).toEqual(story);
  });
  it('loses nothing once the flush is there', () => {
    expect(() => drivenTrace('3.4-A', 'v6.12', 'I-17', legs)).toThrow('the last harvest');
  });
});
