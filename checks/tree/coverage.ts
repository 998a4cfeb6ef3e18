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
/** A function of the tree as it is shown. */
interface Shown {
  readonly name: string;
  readonly source: TreeFunction;
}
interface Known extends Shown {
  readonly scenarios: Set<string>;
  readonly statements: Map<string, Counted>;
}

export class Coverage {
  private readonly known = new Map<string, Known>();

  /**
   * `functions`: all of the tree; `procedures`: what took places in the scenario. A statement belongs to the function in whose lines it stands:
   * some functions are lowered inside those who call them. Gives the names of the functions of which something ran.
   */
  add(
    scenario: string,
    functions: readonly Shown[],
    procedures: Iterable<Procedure>,
    counts: ReadonlyMap<string, StatementCount>,
  ): readonly string[] {
    const ran = new Set<string>();
    const sites = sitesOf(functions);
    for (const procedure of procedures) {
      const behind = behindWarnings(procedure.body);
      const seen = new Map<string, number>();
      visitStmts(procedure.body, (stmt: Stmt) => {
        const { file, line, column } = stmt.pos;
        const own = hasEffect(stmt)
          ? sites.get(file)?.find(({ source }) => source.firstLine <= line && line <= source.lastLine)
          : undefined;
        if (own === undefined) return;
        const known = this.knownOf(own);
        const place = `${line}:${column} ${stmt.kind}`;
        const nth = (seen.get(place) ?? 0) + 1;
        seen.set(place, nth);
        const count = counts.get(stmt.id);
        const counted = countedOf(known, `${place} ${nth}`, stmt, behind.has(stmt));
        if (count === undefined || count.executed === 0) return;
        note(counted, count);
        known.scenarios.add(scenario);
        ran.add(own.name);
      });
    }
    return [...ran];
  }

  /** In the order of the files' lines. */
  functions(): CoveredFunction[] {
    return [...this.known.values()].map(coveredFunction).sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  }

  private knownOf({ name, source }: Shown): Known {
    const key = `${source.path} ${source.firstLine}`;
    const known = this.known.get(key) ?? { name, source, scenarios: new Set(), statements: new Map() };
    this.known.set(key, known);
    return known;
  }
}

function sitesOf(functions: readonly Shown[]): ReadonlyMap<string, readonly Shown[]> {
  const sites = new Map<string, Shown[]>();
  for (const each of functions) {
    const own = sites.get(each.source.path) ?? [];
    sites.set(each.source.path, own);
    own.push(each);
  }
  return sites;
}

function countedOf({ statements }: Known, key: string, stmt: Stmt, isBehind: boolean): Counted {
  const found: Counted = statements.get(key) ?? {
    line: stmt.pos.line,
    behindWarning: isBehind && stmt.kind !== 'if',
    executed: false,
    taken: stmt.kind === 'if' ? [false, false] : null,
  };
  statements.set(key, found);
  return found;
}

function note(counted: Counted, { taken }: StatementCount): void {
  counted.executed = true;
  if (counted.taken === null) return;
  counted.taken[0] ||= (taken?.[0] ?? 0) > 0;
  counted.taken[1] ||= (taken?.[1] ?? 0) > 0;
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
