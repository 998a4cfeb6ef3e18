/**
 * Whole specs: one JavaScript function each.
 *
 * In: a spec. Out: `function f<index>(b, arguments)`. Never: a preemption point.
 *
 * The function gives the result (0 if there is none), leaves in-out values in `I…`, sets `G` if the path ends
 * without a successor, and leaves in `Z…` which rows it freed.
 */
import type { NodeOp, ProgramNode, Spec } from '../program/types.ts';
import {
  argumentTexts,
  boundedFunction,
  callText,
  depthMax,
  edgeText,
  emitDangle,
  emitGiveBack,
  emitMonitor,
  emitWholeCall,
  freshAfter,
  variableParameters,
} from './bodies.ts';
import { type EmitContext, FunctionWriter } from './context.ts';
import { emitCond, emitExpr } from './expressions.ts';
import { emitLeaf, type Surroundings } from './statements.ts';
import type { Exit, Vertex } from './structure.ts';

export interface EmittedFunction {
  readonly name: string;
  readonly text: string;
  readonly raises: boolean;
  readonly callees: ReadonlySet<number>;
}

export function emitWhole(spec: Spec, context: EmitContext): EmittedFunction {
  const w = new FunctionWriter(context, spec, null);
  const recursive = context.recursive.has(spec.index);
  const leave = recursive ? 'D--;' : '';
  const masks = spec.mayFree.map((table) => context.tableNumber(table));
  const around: Surroundings = {
    vanish: `G=1;${leave}return 0;`,
    announced: null,
    tested: false,
    clearMask: (table) => `z${context.tableNumber(table)}|=Z${context.tableNumber(table)};Z${context.tableNumber(table)}=0;`,
  };
  const end = `${masks.map((k) => `Z${k}|=z${k};`).join('')}${leave}`;
  const fresh = freshAfter(spec);
  const vertices = spec.nodes.map((node) => vertexOf(node, w, around, end, fresh));

  const parameters = variableParameters(spec).map(({ name }) => w.nameOf(name));
  const locals = [...w.used].map((local) => w.nameOf(local)).filter((name) => !parameters.includes(name));
  const head = recursive ? `if(++D>${depthMax})${w.raise('bound', `recursion depth ${depthMax}`)}` : '';
  const name = `f${spec.index}`;
  const variables = [...locals, ...masks.map((k) => `z${k}`)];
  const { text } = boundedFunction({ name, parameters, locals: variables, head, vertices, entry: spec.entry, recursive }, w);
  return { name, text, raises: w.raises, callees: w.callees };
}

function vertexOf(
  node: ProgramNode,
  w: FunctionWriter,
  around: Surroundings,
  end: string,
  fresh: ReadonlyMap<number, ReadonlySet<string>>,
): Vertex {
  const { op } = node;
  w.at({ pos: node.pos, id: '' });
  w.line(w.context.count(node.block));
  let exit: Exit = { kind: 'goto', to: node.next[0] ?? -1, text: '' };
  switch (op.kind) {
    case 'leaf':
      emitLeaf(op.stmt, w, around);
      break;
    case 'goto':
      break;
    case 'branch': {
      w.at(op.stmt);
      exit = branchExit(node, emitCond(op.cond, w), w);
      break;
    }
    case 'call':
      emitWholeCall(op, w, around);
      break;
    case 'monitor':
      emitMonitor(op, w, around);
      break;
    case 'wait': {
      const call = emitWaitCall(op, w);
      w.line(`if(${call}===0||G!==0){${around.vanish}}`);
      break;
    }
    case 'dangle':
      emitDangle(op, fresh.get(node.index) ?? new Set(), w);
      break;
    case 'bound':
      w.at(op.stmt);
      w.line(w.raise('bound', op.message));
      exit = { kind: 'end' };
      break;
    case 'return': {
      const { result } = w.spec;
      const value = op.value === null || result.kind === 'void' ? '0' : w.bring(emitExpr(op.value, w), result).text;
      emitGiveBack(w);
      w.line(`${end}return ${value};`);
      exit = { kind: 'end' };
      break;
    }
  }
  return { code: w.take(), exit };
}

/** The exit of a branch node whose condition is this text. */
export function branchExit(node: ProgramNode, cond: string, w: FunctionWriter): Exit {
  return {
    kind: 'branch',
    cond,
    yes: node.next[0] ?? -1,
    no: node.next[1] ?? -1,
    yesText: edgeText(w.spec, node, 0, w.context),
    noText: edgeText(w.spec, node, 1, w.context),
  };
}

/** Call of the spec of a wait: 0 means blocked. */
export function emitWaitCall(op: Extract<NodeOp, { kind: 'wait' }>, w: FunctionWriter): string {
  w.at(op.stmt);
  const callee = w.context.spec(op.spec);
  return callText(callee, argumentTexts(callee, op.args, w), w);
}
