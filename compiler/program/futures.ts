/**
 * What nodes, specs and steps may touch.
 *
 * In: a program, which of its blocks can be entered. Out: sets of atoms. Never: a look at a state.
 */

import type { SystemDescription } from '../description.ts';
import type { FieldType, ScalarType } from '../ir/types.ts';
import { exprsOf, placeOf, visitExpr } from '../ir/walk.ts';
import { type Access, accessesOf, exprAccesses } from './accesses.ts';
import { Atoms, lockAtomOf } from './atoms.ts';
import { tablesByName } from './fold.ts';
import { lockField } from './locks.ts';
import { privateLocals } from './privacy.ts';
import type { LeafStmt, Program, ProgramNode, ResumePoint, Spec } from './types.ts';

/** Inside which calls: the innermost one, and those around it. */
export interface Stack {
  readonly spec: number;
  readonly node: number;
  readonly caller: Stack | null;
}
export type Held = ResumePoint['held'];

export class Futures {
  readonly atoms = new Atoms();
  readonly tables: ReturnType<typeof tablesByName>;
  private readonly fieldTypes = new Map<string, FieldType>();
  private readonly scanned: ReadonlySet<string>;
  private readonly privates = new Map<Spec, ReturnType<typeof privateLocals<ProgramNode>>>();
  private dead: ReadonlySet<number> | null = null;
  private readonly wholes = new Map<number, bigint>();
  private readonly nodes = new Map<ProgramNode, bigint>();

  /** `lives`: whether a block can ever be entered. */
  constructor(
    description: SystemDescription,
    private readonly program: Program,
    readonly lives: (block: number) => boolean = () => true,
  ) {
    this.tables = tablesByName(description.machine);
    for (const { name, fields } of description.machine.tables)
      for (const { path, type } of fields) this.fieldTypes.set(`${name}.${path}`, type);
    this.scanned = tablesByNumber(program);
  }

  spec(number: number): Spec {
    const found = this.program.specs[number];
    if (found === undefined) throw new RangeError(`no spec ${number}`);
    return found;
  }

  /** To be called when more blocks can be entered than before. */
  forget(): void {
    this.dead = null;
    this.wholes.clear();
    this.nodes.clear();
  }

  deadBlocks(): ReadonlySet<number> {
    this.dead ??= new Set(this.program.blocks.flatMap((_, block) => (this.lives(block) ? [] : [block])));
    return this.dead;
  }

  live({ block }: ProgramNode): boolean {
    return block === null || this.lives(block);
  }

  /** Everything that the spec and all that it calls may touch. */
  whole(number: number): bigint {
    let found = this.wholes.get(number);
    if (found === undefined) {
      found = this.everythingIn(number, (node) => this.live(node));
      this.wholes.set(number, found);
    }
    return found;
  }

  /** The same with what was never run: a condition may be looked at without being counted. */
  condition(number: number): bigint {
    return this.everythingIn(number, () => true);
  }

  private everythingIn(number: number, enters: (node: ProgramNode) => boolean): bigint {
    const specs = new Set([number]);
    let found = 0n;
    for (const each of specs) {
      const spec = this.spec(each);
      const seen = new Set([spec.entry]);
      for (const index of seen) {
        const node = spec.nodes[index] as ProgramNode;
        if (!enters(node)) continue;
        for (const next of node.next) seen.add(next);
        found |= this.own(spec, node);
        if (node.op.kind === 'call' || node.op.kind === 'wait' || node.op.kind === 'monitor') specs.add(node.op.spec);
      }
    }
    return found;
  }

  /** What the node itself touches, and whole specs that it runs. */
  at(spec: Spec, node: ProgramNode): bigint {
    let found = this.nodes.get(node);
    if (found === undefined) {
      found = this.own(spec, node);
      const { op } = node;
      if ((op.kind === 'call' && this.spec(op.spec).whole) || op.kind === 'monitor') found |= this.whole(op.spec);
      if (op.kind === 'wait') found |= this.condition(op.spec);
      this.nodes.set(node, found);
    }
    return found;
  }

  /** All that the next step from there may touch. */
  step(from: Stack): bigint {
    const seen = new Set<string>();
    const work: { at: Stack; started: boolean; spent: boolean }[] = [{ at: from, started: false, spent: false }];
    let found = 0n;
    for (let one = work.pop(); one !== undefined; one = work.pop()) {
      const { at, started, spent } = one;
      const key = `${placeKey(at)} ${started} ${spent}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const spec = this.spec(at.spec);
      const node = spec.nodes[at.node] as ProgramNode;
      if ((node.cut === 'started' && started) || (node.cut === 'spent' && spent)) continue;
      const live = this.live(node);
      if (live || mayBlock(node)) found |= this.at(spec, node);
      if (!live) continue;
      const then = { started: true, spent: spent || node.spends };
      for (const next of this.after(at, node)) work.push({ at: next, ...then });
    }
    return found;
  }

  private after(at: Stack, { op, next }: ProgramNode): Stack[] {
    if (op.kind === 'call' && !this.spec(op.spec).whole) return [{ spec: op.spec, node: this.spec(op.spec).entry, caller: at }];
    if (op.kind !== 'return') return next.map((node) => ({ ...at, node }));
    const { caller } = at;
    if (caller === null) return [];
    const back = this.spec(caller.spec).nodes[caller.node]?.next[op.exit];
    return back === undefined ? [] : [{ ...caller, node: back }];
  }

  /** Lock fields of which the spec, or what it calls, asks who holds them. */
  locksAskedBy(number: number): string[] {
    const specs = new Set([number]);
    const found: string[] = [];
    for (const each of specs) {
      for (const { op } of this.spec(each).nodes) {
        if (op.kind === 'leaf' && op.stmt.kind === 'lockQuery') found.push(lockField(op.stmt.lock));
        if (op.kind === 'call' || op.kind === 'wait' || op.kind === 'monitor') specs.add(op.spec);
      }
    }
    return found;
  }

  /** What the node itself touches, without what it calls. */
  own(spec: Spec, node: ProgramNode): bigint {
    const { op } = node;
    if (op.kind === 'leaf') return this.ofLeaf(spec, node, op.stmt);
    const exprs = op.kind === 'branch' ? [op.cond] : op.kind === 'return' ? [op.value] : 'args' in op ? op.args : [];
    return this.setOf(exprs.flatMap((expr) => (expr === null ? [] : exprAccesses(expr, this.tables))));
  }

  /** `stmt`: the node's statement, perhaps with some locals replaced by their values. */
  ofLeaf(spec: Spec, node: ProgramNode, stmt: LeafStmt): bigint {
    const lock = lockAtomOf(stmt);
    const hidden = this.hiddenRow(spec, node);
    const accesses = withLifeOfRow(accessesOf(stmt, this.tables, () => false));
    accesses.push(...this.lifeOfLoaded(spec, stmt));
    const own =
      hidden === null ? accesses : accesses.map((each, k) => (k < 2 && hidden.has(each.field) ? { ...each, private: true } : each));
    return (lock === null ? 0n : this.atoms.bit(lock)) | this.setOf(own);
  }

  /** A reference that is got may dangle or not: a free of its row before or after makes another local state of it. */
  private lifeOfLoaded(spec: Spec, stmt: LeafStmt): Access[] {
    if (stmt.kind === 'atomic') {
      // Two that dangle are equal, so it need not be got to be looked at.
      const type = this.fieldTypes.get(`${stmt.place.table}.${stmt.place.field}`);
      return type === undefined || type.kind === 'lock' || type.kind === 'list' ? [] : this.lifeOf(type);
    }
    if ((stmt.kind !== 'load' && stmt.kind !== 'list') || stmt.dst === null) return [];
    const type = spec.locals.get(stmt.dst);
    return type === undefined ? [] : this.lifeOf(type);
  }

  private lifeOf(type: ScalarType): Access[] {
    if (type.kind !== 'pointer' && !(type.kind === 'ref' && type.strong)) return [];
    if (this.tables.get(type.table)?.dynamic !== true) return [];
    return [{ field: `${type.table}.$life`, row: null, index: null, write: false }];
  }

  private setOf(accesses: readonly Access[]): bigint {
    return accesses.reduce((found, access) => found | this.atoms.bit(access), 0n);
  }

  /** The field, and the life, of a row that nobody else knows of; null where the node has none. */
  private hiddenRow(spec: Spec, node: ProgramNode): ReadonlySet<string> | null {
    const place = node.op.kind === 'leaf' ? placeOf(node.op.stmt) : null;
    if (place?.kind !== 'field' || place.row?.op !== 'local') return null;
    const hidden = this.privatesOf(spec).get(node)?.has(place.row.local) === true && !this.scanned.has(place.table);
    return hidden ? new Set([`${place.table}.${place.field}`, `${place.table}.$life`]) : null;
  }

  private privatesOf(spec: Spec): ReturnType<typeof privateLocals<ProgramNode>> {
    let found = this.privates.get(spec);
    if (found === undefined) {
      found = privateLocals(spec.nodes);
      this.privates.set(spec, found);
    }
    return found;
  }
}

/** What looks before it goes on: its block is entered only then. */
export function mayBlock({ op }: ProgramNode): boolean {
  return op.kind === 'wait' || (op.kind === 'leaf' && op.stmt.kind === 'acquire');
}

function placeKey(at: Stack): string {
  return at.caller === null ? `${at.spec}.${at.node}` : `${at.spec}.${at.node}<${placeKey(at.caller)}`;
}

/** Whose life a place reads is known where its row is. */
function withLifeOfRow(accesses: readonly Access[]): Access[] {
  const [place, life, ...rest] = accesses;
  if (place === undefined || life === undefined || place.row === null) return [...accesses];
  if (life.write || life.field !== `${place.field.slice(0, place.field.indexOf('.'))}.$life`) return [...accesses];
  return [place, { ...life, row: place.row }, ...rest];
}

/** Tables with a row that some process finds by its number, be it not published yet. */
function tablesByNumber(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  const specs = new Set(program.processes.map(({ entry }) => entry.spec));
  for (const each of specs) {
    for (const { op } of program.specs[each]?.nodes ?? []) {
      if (op.kind === 'call' || op.kind === 'wait' || op.kind === 'monitor') specs.add(op.spec);
      const exprs = op.kind === 'leaf' ? exprsOf(op.stmt) : op.kind === 'branch' ? [op.cond] : 'args' in op ? op.args : [];
      for (const expr of exprs) if (expr !== null) visitExpr(expr, (one) => one.op === 'rowAt' && found.add(one.type.table));
    }
  }
  return found;
}
