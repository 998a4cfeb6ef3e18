/**
 * Processes: a C function each that makes one step of the process on the successor `N`.
 *
 * In: specs that are not whole. Out: C. Never: which step is taken when there are several.
 */
import { suspendedLocals } from '../program/suspended.ts';
import type { NodeOp, ProgramNode, Spec } from '../program/types.ts';
import { type PromelaContext, remark } from './context.ts';
import { expression, literal } from './expressions.ts';
import { type Locals, localsOf, passed, plainNode, scopeOf, shapeTable } from './functions.ts';
import { type StatementScope, setLocal } from './leaves.ts';
import { frameName, returnName } from './state.ts';

/** `static int step0(void)`: 1 and the successor in `N`; 0 if the process is blocked or has ended. */
export function processFunction(context: PromelaContext, process: number): string {
  const program = context.program.processes[process];
  if (program === undefined) throw new Error(`no process ${process}`);
  const specs = context.program.specs.filter((spec) => !spec.whole && spec.process === process);
  const parts = specs.map((spec) => new ProcessSpec(context, process, spec));
  const resumes = program.resumes.flatMap(({ spec, node }, k) => (spec < 0 ? [] : [`    case ${k}: goto ${label(spec, node)};`]));
  return [
    `static int step${process}(void) { ${remark(program.name)}`,
    '  int started = 0, spent = 0, stays = 0; ll result = 0; (void)spent; (void)result; (void)stays;',
    ...parts.flatMap((part) => part.declarations()),
    ...parts.flatMap((part) => part.loads()),
    `  switch (N.pc${process}) {`,
    ...resumes,
    '    default: return 0;',
    '  }',
    ...parts.flatMap((part) => part.nodes()),
    ...parts.flatMap((part) => part.ends()),
    ...parts.flatMap((part) => part.returns(parts)),
    '}',
  ].join('\n');
}

function label(spec: number, node: number): string {
  return `s${spec}n${node}`;
}

class ProcessSpec {
  readonly locals: Locals;
  readonly scope: StatementScope;
  private readonly prefix: string;

  constructor(
    private readonly context: PromelaContext,
    private readonly process: number,
    readonly spec: Spec,
  ) {
    this.prefix = `s${spec.index}`;
    this.locals = localsOf(spec, this.prefix, (local) => {
      const type = spec.locals.get(local);
      return type !== undefined && context.refShape(type) !== null;
    });
    this.scope = scopeOf(context, spec, this.locals, { blocked: 'return 0;', announced: '{ stays = 1; }' });
  }

  declarations(): string[] {
    const { refs, names } = this.locals;
    const plain = [...names.values()].filter((name) => !name.includes('['));
    const { index } = this.spec;
    return [
      ...(plain.length === 0 ? [] : [`  ll ${plain.map((name) => `${name} = 0`).join(', ')};`]),
      ...(refs.length === 0
        ? []
        : [
            `  static const Shape ${this.prefix}shapes[] = ${shapeTable(this.context, this.spec, refs)};`,
            `  ll ${this.prefix}refs[${refs.length}] = { 0 };`,
            `  Link ${this.prefix}link = { links, ${refs.length}, ${this.prefix}shapes, ${this.prefix}refs }; links = &${this.prefix}link;`,
          ]),
      ...(this.spec.returnSlot === null ? [] : [`  int ret${index} = N.p${this.process}.${returnName(index)};`]),
    ];
  }

  /** What is not alive is zero in the state, so everything may be loaded. */
  loads(): string[] {
    return this.spec.frame.map((slot, k) => `  ${this.scope.local(slot.local)} = ${this.place(k)};`);
  }

  nodes(): string[] {
    return this.spec.nodes.map((node) => {
      const cut = { never: '', spent: 'if (spent) ', started: 'if (started) ' }[node.cut];
      const stop = cut === '' ? '' : `${cut}goto e${label(this.spec.index, node.index)}; `;
      return `${label(this.spec.index, node.index)}: ${stop}${this.node(node)}`;
    });
  }

  private node(node: ProgramNode): string {
    const { op } = node;
    const done = `started = 1;${node.spends ? ' spent = 1;' : ''}`;
    const go = (edge: number) => `goto ${label(this.spec.index, node.next[edge] ?? -1)};`;
    switch (op.kind) {
      case 'branch':
        return `${done} if (${expression(op.cond, this.scope)}) ${go(0)} ${go(1)}`;
      case 'return':
        return `${done} result = ${op.value === null ? '0' : expression(op.value, this.scope)}; goto r${this.spec.index}x${op.exit};`;
      case 'bound':
        return plainNode(op, this.scope);
      case 'call':
        if (!this.context.spec(op.spec).whole) return `${this.enter(op)} ${done} goto ${label(op.spec, this.context.spec(op.spec).entry)};`;
        return `${plainNode(op, this.scope)} ${done} ${go(0)}`;
      default: {
        const announces = op.kind === 'leaf' && op.stmt.kind === 'acquire';
        const stays = announces ? ` if (stays) goto e${label(this.spec.index, node.index)};` : '';
        return `${plainNode(op, this.scope)}${stays} ${done} ${go(0)}`;
      }
    }
  }

  /** Arguments first, since they may be read from what the callee's frame held. */
  private enter(op: NodeOp & { kind: 'call' }): string {
    const callee = new ProcessSpec(this.context, this.process, this.context.spec(op.spec));
    const given = passed(callee.spec);
    const values = given.map(({ position }, n) => {
      const arg = op.args[position] ?? null;
      return `ll a${n} = ${arg === null ? '0' : expression(arg, this.scope)};`;
    });
    const zeroed = [...callee.locals.names.values()].map((name) => `${name} = 0;`);
    const set = given.map(({ param }, n) => `${callee.scope.local(param.name)} = a${n};`);
    const back = callee.spec.returnSlot === null ? '' : `ret${callee.spec.index} = ${op.returnIndex};`;
    return `{ ${values.join(' ')} ${zeroed.join(' ')} ${set.join(' ')} ${back} }`;
  }

  /** Where a step ends inside this spec: only what lives there is kept, here and in the callers. */
  ends(): string[] {
    const stops = this.spec.nodes
      .filter((node) => node.cut !== 'never' || node.resume !== null)
      .map((node) =>
        [
          `e${label(this.spec.index, node.index)}: N.pc${this.process} = ${node.resume ?? -1};`,
          `memset(&N.p${this.process}, 0, sizeof N.p${this.process}); ${this.keep(node)} goto u${this.spec.index};`,
        ].join(' '),
      );
    return [...stops, this.up()];
  }

  private keep(node: ProgramNode, live: readonly string[] = node.live): string {
    return this.spec.frame
      .flatMap((slot, k) => (live.includes(slot.local) ? [`${this.place(k)} = ${this.scope.local(slot.local)};`] : []))
      .join(' ');
  }

  /** The callers' frames, up to the process's first procedure. */
  private up(): string {
    const { index, callSites, returnSlot } = this.spec;
    const name = `u${index}: ;`;
    if (callSites.length === 0) return `${name} links = 0; return 1;`;
    const store = returnSlot === null ? '' : `N.p${this.process}.${returnName(index)} = ret${index};`;
    const sites = callSites.map((site, k) => {
      const caller = new ProcessSpec(this.context, this.process, this.context.spec(site.spec));
      const node = this.context.node(caller.spec, site.node);
      const live = node.op.kind === 'call' ? suspendedLocals(node.op, node.live) : node.live;
      return `case ${k}: ${caller.keep(node, live)} goto u${site.spec};`;
    });
    return `${name} ${store} switch (${returnSlot === null ? 0 : `ret${index}`}) { ${sites.join(' ')} default: abort(); }`;
  }

  /** What a return does in each caller. */
  returns(parts: readonly ProcessSpec[]): string[] {
    const { index, callSites, returnSlot, exits } = this.spec;
    return Array.from({ length: exits }, (_, exit) => {
      const name = `r${index}x${exit}: ;`;
      if (callSites.length === 0)
        return `${name} N.pc${this.process} = 0; memset(&N.p${this.process}, 0, sizeof N.p${this.process}); links = 0; return 1;`;
      const sites = callSites.flatMap((site, k) => {
        const caller = parts.find(({ spec }) => spec.index === site.spec);
        if (caller === undefined) throw new Error(`${this.spec.title}: called from another process`);
        const call = this.context.node(caller.spec, site.node);
        const next = call.next[exit];
        if (call.op.kind !== 'call' || next === undefined) return [];
        return [`case ${k}: ${this.copyBack(call.op, caller)} goto ${label(site.spec, next)};`];
      });
      return `${name} switch (${returnSlot === null ? 0 : `ret${index}`}) { ${sites.join(' ')} default: abort(); }`;
    });
  }

  private copyBack(op: NodeOp & { kind: 'call' }, caller: ProcessSpec): string {
    const back = this.spec.procedure.params.flatMap((param, position) => {
      const local = op.back[position] ?? null;
      return local === null ? [] : [setLocal(caller.scope, local, this.scope.local(param.name))];
    });
    const dst = op.dst === null ? [] : [setLocal(caller.scope, op.dst, 'result')];
    return [...back, ...dst].join(' ');
  }

  private place(slot: number): string {
    return `N.p${this.process}.${frameName(this.spec.index, slot)}`;
  }
}

/** C that puts the process where it begins. */
export function initialProcess(context: PromelaContext, process: number): string {
  const program = context.program.processes[process];
  const start = program?.resumes[program.initial];
  if (program === undefined || start === undefined) throw new Error(`no start of process ${process}`);
  if (start.spec < 0) return `N.pc${process} = 0;`;
  const spec = context.spec(start.spec);
  const node = context.node(spec, start.node);
  const given = spec.procedure.params.flatMap((param, k) => {
    const slot = spec.frame.findIndex(({ local }) => local === param.name);
    const constant = (spec.constants[k] ?? null) !== null;
    if (constant || slot < 0 || !node.live.includes(param.name)) return [];
    return [`N.p${process}.${frameName(spec.index, slot)} = ${literal(program.entry.args[k] ?? 0)};`];
  });
  return `N.pc${process} = ${program.initial}; ${given.join(' ')}`;
}

/** Resume points from which a free choice may be met before the step ends. */
export function choosyResumes(context: PromelaContext, process: number): number[] {
  const program = context.program.processes[process];
  if (program === undefined) throw new Error(`no process ${process}`);
  const wholeChoosy = wholeWithChoices(context);
  return program.resumes.flatMap(({ spec, node }, k) => (spec >= 0 && meetsChoice(context, wholeChoosy, spec, node) ? [k] : []));
}

function meetsChoice(context: PromelaContext, wholeChoosy: ReadonlySet<number>, startSpec: number, startNode: number): boolean {
  const seen = new Set<string>();
  const todo: [number, number][] = [[startSpec, startNode]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [specIndex, nodeIndex] = next;
    const key = `${specIndex} ${nodeIndex}`;
    if (seen.has(key)) continue;
    const first = seen.size === 0;
    seen.add(key);
    const spec = context.spec(specIndex);
    const { op, next: edges, cut } = context.node(spec, nodeIndex);
    if (!first && cut === 'started') continue;
    if (op.kind === 'leaf' && op.stmt.kind === 'choose') return true;
    if (op.kind === 'return') {
      for (const site of spec.callSites) {
        const after = context.node(context.spec(site.spec), site.node).next[op.exit];
        if (after !== undefined) todo.push([site.spec, after]);
      }
      continue;
    }
    if (op.kind === 'call' && !context.spec(op.spec).whole) {
      todo.push([op.spec, context.spec(op.spec).entry]);
      continue;
    }
    if (op.kind === 'call' && wholeChoosy.has(op.spec)) return true;
    for (const edge of edges) todo.push([specIndex, edge]);
  }
  return false;
}

function wholeWithChoices(context: PromelaContext): Set<number> {
  const found = new Set<number>();
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const spec of context.program.specs) {
      if (!spec.whole) continue;
      const chooses = spec.nodes.some(
        ({ op }) => (op.kind === 'leaf' && op.stmt.kind === 'choose') || (op.kind === 'call' && found.has(op.spec)),
      );
      if (chooses) found.add(spec.index);
    }
  }
  return found;
}
