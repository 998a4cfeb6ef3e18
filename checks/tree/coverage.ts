/**
 * Which statements of a tree's functions ran, by line of the C file.
 *
 * In: for each scenario the functions that took a place there, with counts. Out: for each function the lines with statements, and what of them
 * no scenario reached. Never: a line of which the model has nothing; such lines are neither reached nor missed.
 *
 * Scenarios differ in constants, and so in the statements' ids: a statement is known by its place in the file.
 */
import { type Procedure, type StatementCount, type Stmt, visitStmts } from '../../compiler/index.ts';
import type { TreeFunction } from '../../patches/index.ts';
import { behindWarnings, hasEffect } from '../patch/exercised.ts';
import type { CoveredFunction } from './treeCheckReport.ts';

interface Counted {
  readonly line: number;
  readonly behindWarning: boolean;
  executed: boolean;
  /** Of conditions: whether it was ever true, and ever false. */
  readonly taken: [boolean, boolean] | null;
}
interface Known {
  readonly name: string;
  readonly source: TreeFunction;
  readonly scenarios: Set<string>;
  readonly statements: Map<string, Counted>;
}

export class Coverage {
  private readonly known = new Map<string, Known>();

  /** `procedures`: as they took their places in the scenario, with what they were in the tree. */
  add(
    scenario: string,
    procedures: Iterable<{ readonly name: string; readonly source: TreeFunction; readonly procedure: Procedure }>,
    counts: ReadonlyMap<string, StatementCount>,
  ): void {
    for (const { name, source, procedure } of procedures) {
      const key = `${source.path} ${source.firstLine}`;
      const known = this.known.get(key) ?? { name, source, scenarios: new Set(), statements: new Map() };
      this.known.set(key, known);
      if (addStatements(known, procedure, counts)) known.scenarios.add(scenario);
    }
  }

  /** In the order of the files' lines. */
  functions(): CoveredFunction[] {
    return [...this.known.values()].map(coveredFunction).sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  }
}

/** Whether anything of it ran. */
export function hasRun(procedure: Procedure, counts: ReadonlyMap<string, StatementCount>): boolean {
  let ran = false;
  visitStmts(procedure.body, ({ id }) => {
    ran ||= (counts.get(id)?.executed ?? 0) > 0;
  });
  return ran;
}

function addStatements({ source, statements }: Known, procedure: Procedure, counts: ReadonlyMap<string, StatementCount>): boolean {
  const behind = behindWarnings(procedure.body);
  const seen = new Map<string, number>();
  let ran = false;
  visitStmts(procedure.body, (stmt: Stmt) => {
    const { line, column } = stmt.pos;
    if (!hasEffect(stmt) || line < source.firstLine || line > source.lastLine) return;
    const place = `${line}:${column} ${stmt.kind}`;
    const nth = (seen.get(place) ?? 0) + 1;
    seen.set(place, nth);
    const key = `${place} ${nth}`;
    const before: Counted = statements.get(key) ?? {
      line,
      behindWarning: behind.has(stmt) && stmt.kind !== 'if',
      executed: false,
      taken: stmt.kind === 'if' ? [false, false] : null,
    };
    statements.set(key, before);
    const count = counts.get(stmt.id);
    if (count === undefined || count.executed === 0) return;
    ran = true;
    before.executed = true;
    if (before.taken === null) return;
    before.taken[0] ||= (count.taken?.[0] ?? 0) > 0;
    before.taken[1] ||= (count.taken?.[1] ?? 0) > 0;
  });
  return ran;
}

function coveredFunction({ name, source, scenarios, statements }: Known): CoveredFunction {
  const lines = new Map<number, Counted[]>();
  for (const each of statements.values()) lines.set(each.line, [...(lines.get(each.line) ?? []), each]);
  const sorted = [...lines].sort(([a], [b]) => a - b);
  const missed = sorted.filter(([, all]) => !all.some(({ executed }) => executed));
  return {
    name,
    file: source.path,
    line: source.firstLine,
    lastLine: source.lastLine,
    scenarios: [...scenarios],
    lines: lines.size,
    reached: lines.size - missed.length,
    notReached: missed.map(([line, all]) => ({ line, behindWarning: all.every(({ behindWarning }) => behindWarning) })),
    oneSided: sorted.flatMap(([line, all]) => {
      const never = all.flatMap(({ executed, taken }) =>
        !executed || taken === null || taken[0] === taken[1] ? [] : [taken[0] ? ('false' as const) : ('true' as const)],
      );
      return [...new Set(never)].map((each) => ({ line, never: each }));
    }),
  };
}
