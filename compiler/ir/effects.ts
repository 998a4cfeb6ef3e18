/**
 * What procedures do to the state, over their calls: the rules for ghost blocks and for waits.
 *
 * In: procedures. Out: findings with call chains. Never: a guess at who runs a procedure: one that
 * only reads, or writes ghost fields only, may be a predicate, monitor or hook; any other is kernel code.
 */
import type { FieldDescription, MachineDescription, Position, Procedure, Stmt } from './types.ts';
import { placeOf, visitStmts } from './walk.ts';

export type EffectRule = 'kernelReadsGhost' | 'kernelWritesGhost' | 'ghostTouchesKernel' | 'ghostRecursion' | 'waitActs';
export interface EffectFinding {
  readonly rule: EffectRule;
  readonly pos: Position;
  readonly message: string;
  /** `f (file:line)`, caller first; empty if the statement itself says it all. */
  readonly chain: readonly string[];
}

interface Effect {
  /** `kernel`: changes what kernel code sees, blocks, or chooses. */
  readonly kind: 'kernel' | 'readGhost' | 'writeGhost';
  readonly what: string;
  readonly pos: Position;
}
interface Call {
  readonly callee: string;
  readonly pos: Position;
}
/** Effects and calls outside the ghost blocks of a procedure, inside them, and inside the conditions of waits. */
interface Summary {
  readonly plain: Part;
  readonly ghost: Part;
  readonly waits: Part;
}
interface Part {
  readonly effects: Effect[];
  readonly calls: Call[];
}

/** In the order of procedures; one finding for each place and rule. */
export function findEffects(procedures: ReadonlyMap<string, Procedure>, machine: MachineDescription): EffectFinding[] {
  return new Effects(procedures, machine).check();
}

class Effects {
  readonly #procedures: ReadonlyMap<string, Procedure>;
  readonly #fields: ReadonlyMap<string, FieldDescription>;
  readonly #summaries = new Map<string, Summary>();
  readonly #findings = new Map<string, EffectFinding>();

  constructor(procedures: ReadonlyMap<string, Procedure>, machine: MachineDescription) {
    this.#procedures = procedures;
    this.#fields = new Map(machine.tables.flatMap((table) => table.fields.map((field) => [`${table.name}.${field.path}`, field] as const)));
    for (const [name, procedure] of procedures) this.#summaries.set(name, this.#summarise(procedure));
  }

  check(): EffectFinding[] {
    for (const [name, summary] of this.#summaries) {
      if (this.#reach(name, (effect) => effect.kind === 'kernel') !== null) this.#checkKernel(name);
      this.#checkInside(name, summary.ghost, 'ghostTouchesKernel', (effect) => effect.kind === 'kernel', 'in a ghost block');
      this.#checkInside(name, summary.waits, 'waitActs', (effect) => effect.kind !== 'readGhost', 'while waiting');
      this.#checkRecursion(name, summary.ghost);
    }
    return [...this.#findings.values()];
  }

  /** Kernel code, and what it calls outside ghost blocks, keeps away from ghost fields. */
  #checkKernel(name: string): void {
    this.#walk(name, (summary, chain) => {
      for (const effect of summary.plain.effects) {
        if (effect.kind === 'kernel') continue;
        this.#found(effect.kind === 'readGhost' ? 'kernelReadsGhost' : 'kernelWritesGhost', effect, chain.length > 1 ? chain : []);
      }
      for (const effect of summary.waits.effects)
        if (effect.kind === 'readGhost') this.#found('kernelReadsGhost', effect, chain.length > 1 ? chain : []);
    });
  }
  #checkInside(name: string, part: Part, rule: EffectRule, bad: (effect: Effect) => boolean, where: string): void {
    for (const effect of part.effects) if (bad(effect)) this.#found(rule, effect, []);
    for (const call of part.calls) {
      const found = this.#reach(call.callee, bad);
      if (found !== null)
        this.#found(rule, { ...found.effect, pos: call.pos, what: `${found.effect.what} ${where}` }, [
          this.#link(name, call.pos),
          ...found.chain,
        ]);
    }
  }
  #checkRecursion(name: string, ghost: Part): void {
    for (const call of ghost.calls) {
      this.#walk(call.callee, (_summary, chain, at) => {
        if (at === name)
          this.#found('ghostRecursion', { kind: 'kernel', what: `${name} is called again`, pos: call.pos }, [
            this.#link(name, call.pos),
            ...chain,
          ]);
      });
    }
  }

  /** The nearest such effect of a procedure and what it calls, with the chain of calls that leads there. */
  #reach(name: string, wanted: (effect: Effect) => boolean): { effect: Effect; chain: readonly string[] } | null {
    let found: { effect: Effect; chain: readonly string[] } | null = null;
    this.#walk(name, (summary, chain) => {
      const effect = [...summary.plain.effects, ...summary.waits.effects].find(wanted);
      if (effect !== undefined) found ??= { effect, chain };
    });
    return found;
  }
  /** Visits a procedure and all that it calls outside ghost blocks, nearest first. */
  #walk(start: string, visit: (summary: Summary, chain: readonly string[], name: string) => void): void {
    const procedure = this.#procedures.get(start);
    if (procedure === undefined) return;
    const seen = new Set([start]);
    let frontier = [{ name: start, chain: [this.#link(start, procedure.pos)] }];
    while (frontier.length > 0) {
      const next: typeof frontier = [];
      for (const { name, chain } of frontier) {
        const summary = this.#summaries.get(name);
        if (summary === undefined) continue;
        visit(summary, chain, name);
        for (const call of [...summary.plain.calls, ...summary.waits.calls]) {
          if (seen.has(call.callee)) continue;
          seen.add(call.callee);
          next.push({ name: call.callee, chain: [...chain, this.#link(call.callee, call.pos)] });
        }
      }
      frontier = next;
    }
  }
  #link(name: string, pos: Position): string {
    return `${name} (${pos.file}:${pos.line})`;
  }
  /** One finding for each place, whatever leads there. */
  #found(rule: EffectRule, effect: Effect, chain: readonly string[]): void {
    const { pos, what } = effect;
    const key = `${rule} ${pos.file}:${pos.line}:${pos.column}`;
    if (!this.#findings.has(key)) this.#findings.set(key, { rule, pos, message: what, chain });
  }

  #summarise(procedure: Procedure): Summary {
    const summary: Summary = { plain: { effects: [], calls: [] }, ghost: { effects: [], calls: [] }, waits: { effects: [], calls: [] } };
    visitStmts(procedure.body, (stmt, parents) => {
      const inWait = parents.some((parent) => parent.kind === 'wait');
      const part = parents.some((parent) => parent.kind === 'ghost') ? summary.ghost : inWait ? summary.waits : summary.plain;
      if (stmt.kind === 'call') part.calls.push({ callee: stmt.callee, pos: stmt.pos });
      part.effects.push(...this.#effectsOf(stmt));
    });
    return summary;
  }

  #effectsOf(stmt: Stmt): Effect[] {
    const place = placeOf(stmt);
    const name = place === null ? '' : `${place.table}.${place.field}`;
    const ghost = this.#fields.get(name)?.ghost === true;
    const effect = (kind: Effect['kind'], what: string): Effect => ({ kind, what, pos: stmt.pos });
    switch (stmt.kind) {
      case 'load':
        return ghost ? [effect('readGhost', `${name} is a ghost field`)] : [];
      case 'list':
        if (stmt.dst !== null) return ghost ? [effect('readGhost', `${name} is a ghost field`)] : [];
        return [ghost ? effect('writeGhost', `${name} is a ghost field`) : effect('kernel', `${name} is written`)];
      case 'store':
      case 'atomic':
        return [ghost ? effect('writeGhost', `${name} is a ghost field`) : effect('kernel', `${name} is written`)];
      case 'acquire':
      case 'release':
      case 'tryAcquire':
        return [effect('kernel', `the lock ${name}`)];
      case 'alloc':
      case 'free':
      case 'choose':
      case 'assume':
      case 'wait':
      case 'preempt':
        return [effect('kernel', `${stmt.kind} is used`)];
      default:
        return [];
    }
  }
}
