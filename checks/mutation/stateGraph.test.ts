import { beforeAll, describe, expect, it } from 'vitest';
import { compileSystem, mapStmts, type Procedure, type Stmt } from '../../compiler/index.ts';
import { explore } from '../../explorer/index.ts';
import { scenarioNamed } from '../../model/index.ts';
import { relationOf, type StateGraphView, viewGraph } from './stateGraph.ts';
import { mutationSubjects, type Subject, withProcedure } from './subjects.ts';

let subject: Subject;
let view: StateGraphView;
beforeAll(() => {
  const scenario = scenarioNamed('3.3 B');
  const [only] = mutationSubjects(scenario === undefined ? [] : [scenario]);
  if (only === undefined) throw new Error('scenario 3.3 B is gone');
  subject = only;
  view = viewGraph(subject.system, subject.found);
});

/** How the system is related to 3.3 B when every statement of a procedure is mapped like this. */
function relation(procedure: string, map: (stmt: Stmt) => readonly Stmt[], more: Partial<Procedure> = {}) {
  const before = subject.description.procedures.get(procedure);
  if (before === undefined) throw new Error(`no ${procedure}()`);
  const changed = { ...before, ...more, body: mapStmts(before.body, map) };
  const system = compileSystem(withProcedure(subject.description, changed));
  return relationOf(view, viewGraph(system, explore(system)));
}

describe('graphs of states', () => {
  it('are equal to themselves, compiled again', () => {
    expect(relation('is_obsolete_root', (stmt) => [stmt])).toBe('equal');
  });
  it('do not see how a value is computed', () => {
    expect(relation('is_obsolete_root', (stmt) => (stmt.kind === 'if' ? [{ ...stmt, cond: twice(stmt.cond) }] : [stmt]))).toBe('equal');
  });
  it('see a field that is not written, though no property reads it', () => {
    const ofStatistics = (stmt: Stmt) => stmt.kind === 'store' && stmt.place.field === 'indirect_shadow_pages';
    expect(relation('unaccount_shadowed', (stmt) => (ofStatistics(stmt) ? [] : [stmt]))).toBe('different');
  });
  it('see that behaviour is missing, and which side lacks it', () => {
    expect(relation('__kvm_mmu_free_obsolete_roots', () => [])).not.toBe('equal');
    expect(relationOf(view, { ...view, steps: new Set([...view.steps].slice(1)) })).toBe('fewer');
    expect(relationOf({ ...view, steps: new Set([...view.steps].slice(1)) }, view)).toBe('more');
  });
  it('of different machines cannot be compared', () => {
    expect(relationOf(view, { ...view, layout: 'another' })).toBe('different');
  });
});

function twice(cond: (Stmt & { kind: 'if' })['cond']): (Stmt & { kind: 'if' })['cond'] {
  const not = (a: typeof cond): typeof cond => ({ op: 'unary', type: { kind: 'bool' }, operator: '!', a });
  return not(not(cond));
}
