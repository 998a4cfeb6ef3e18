/**
 * Statements of the subset into statements of the IR.
 *
 * In: oxc's statements. Out: what the context's list gets. Never: a jump out of a ghost block.
 */
import type { Expression, ForStatement, Statement } from 'oxc-parser';
import type { Stmt } from '../../ir/types.ts';
import { visitStmts } from '../../ir/walk.ts';
import type { Span } from '../source.ts';
import { assignedNames, onlyReads } from '../syntax.ts';
import { assign, declare } from './assignments.ts';
import { isBounded } from './bounded.ts';
import type { FunctionContext, JumpTarget, Way } from './context.ts';
import { asBool, asType } from './convert.ts';
import { waitUntil } from './primitives.ts';

export function lowerStatements(cx: FunctionContext, statements: readonly Statement[]): void {
  for (const statement of statements) cx.guarded(() => lowerStatement(cx, statement, null));
}

function lowerStatement(cx: FunctionContext, node: Statement, userLabel: string | null): void {
  switch (node.type) {
    case 'EmptyStatement':
      return;
    case 'BlockStatement':
      if (userLabel === null) cx.inScope(() => lowerStatements(cx, node.body));
      else labelledBlock(cx, node.body, userLabel, node);
      return;
    case 'ExpressionStatement':
      lowerExpression(cx, node.expression);
      return;
    case 'VariableDeclaration':
      declare(cx, node);
      return;
    case 'IfStatement':
      cx.lower.branch(cx, node.test, wayOf(cx, node.consequent), node.alternate === null ? null : wayOf(cx, node.alternate));
      return;
    case 'WhileStatement':
      lowerWhile(cx, node.test, node.body, userLabel, node);
      return;
    case 'DoWhileStatement':
      lowerDoWhile(cx, node.test, node.body, userLabel, node);
      return;
    case 'ForStatement':
      lowerFor(cx, node, userLabel);
      return;
    case 'LabeledStatement':
      if (node.label.name === 'ghost') {
        ghostBlock(cx, node.body, node);
        return;
      }
      if (!['BlockStatement', 'WhileStatement', 'DoWhileStatement', 'ForStatement'].includes(node.body.type)) {
        cx.refuse('MM101', node, 'labels stand before loops and blocks');
      }
      if (cx.jumps.some((target) => target.userLabel === node.label.name))
        cx.refuse('MM103', node.label, `the label ${node.label.name} is declared twice`);
      lowerStatement(cx, node.body, node.label.name);
      return;
    case 'BreakStatement':
      targetOf(cx, node.label?.name ?? null, false, node).onBreak(node);
      return;
    case 'ContinueStatement':
      targetOf(cx, node.label?.name ?? null, true, node).onContinue(node);
      return;
    case 'ReturnStatement':
      lowerReturn(cx, node.argument, node);
      return;
    default:
      cx.refuse('MM101', node, `${node.type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}`);
  }
}

function lowerExpression(cx: FunctionContext, node: Expression): void {
  switch (node.type) {
    case 'AssignmentExpression': {
      if (node.left.type !== 'Identifier' && node.left.type !== 'MemberExpression')
        cx.refuse('MM110', node.left, cx.source.textOf(node.left));
      assign(cx, node.left, node.operator, node.right, node);
      return;
    }
    case 'UpdateExpression':
      assign(cx, node.argument as Expression, node.operator === '++' ? '+=' : '-=', 1, node);
      return;
    case 'CallExpression':
      cx.lower.call(cx, node, undefined);
      cx.dropResult();
      return;
    case 'Literal':
      // A directive is a text that stands alone.
      if (typeof node.value !== 'string') cx.refuse('MM101', node, 'a statement without effect');
      return;
    default:
      // Its reads and refusals would count, and nothing else would come of it.
      cx.refuse('MM101', node, `the statement ${cx.source.textOf(node).slice(0, 40)} has no effect`);
  }
}

function lowerReturn(cx: FunctionContext, argument: Expression | null, node: Span): void {
  if (cx.ghostDepth > 0) cx.refuse('MM125', node, 'return inside a ghost block');
  const { result, name } = cx.signature;
  if (argument === null) {
    if (result.kind !== 'void') cx.refuse('MM119', node, `${name} returns a value`);
    cx.emit(node, { kind: 'return', value: null });
    return;
  }
  if (result.kind === 'void') cx.refuse('MM106', argument, `${name} returns nothing`);
  cx.emit(node, { kind: 'return', value: asType(cx, cx.lower.value(cx, argument, result), result, argument) });
}

function wayOf(cx: FunctionContext, node: Statement): Way {
  return { jump: isJump(node), emit: () => void cx.inScope(() => lowerStatements(cx, [node])) };
}
/** A single statement that leaves, and does nothing else. */
function isJump(node: Statement): boolean {
  if (node.type === 'BlockStatement') return node.body.length === 1 && node.body[0] !== undefined && isJump(node.body[0]);
  if (node.type === 'ReturnStatement') return node.argument === null || node.argument.type === 'Literal';
  return node.type === 'BreakStatement' || node.type === 'ContinueStatement';
}

// Loops

function lowerWhile(cx: FunctionContext, test: Expression, body: Statement, userLabel: string | null, node: Span): void {
  const empty = body.type === 'EmptyStatement' || (body.type === 'BlockStatement' && body.body.length === 0);
  if (empty && onlyReads(test) && spin(cx, test, node)) return;
  const label = cx.freshLabel(userLabel ?? 'loop');
  const target = jumpTarget(cx, userLabel, true, label, () => ({ kind: 'continue', label }));
  loop(cx, label, false, node, () => {
    leaveUnless(cx, test, label);
    within(cx, target, body);
  });
}

/** `while (cond) {}`, if what it reads is shared: with locals only it would spin for ever. */
function spin(cx: FunctionContext, test: Expression, node: Span): boolean {
  const stmts = cx.capture(() =>
    waitUntil(
      cx,
      test,
      `!(${cx.source.textOf(test)})`,
      false,
      () =>
        asBool(
          cx,
          cx.lower.value(cx, { type: 'UnaryExpression', operator: '!', prefix: true, argument: test, start: test.start, end: test.end }),
          test,
        ),
      node,
    ),
  );
  let reads = false;
  visitStmts(stmts, (stmt) => {
    if (stmt.kind !== 'wait' && stmt.kind !== 'assign' && stmt.kind !== 'if') reads = true;
  });
  if (reads) cx.out.push(...stmts);
  return reads;
}

function lowerDoWhile(cx: FunctionContext, test: Expression, body: Statement, userLabel: string | null, node: Span): void {
  const label = cx.freshLabel(userLabel ?? 'loop');
  loop(cx, label, false, node, () => {
    continuable(cx, userLabel, label, body);
    leaveUnless(cx, test, label);
  });
}

function lowerFor(cx: FunctionContext, node: ForStatement, userLabel: string | null): void {
  cx.inScope(() => {
    const { init, test, update } = node;
    if (init !== null) {
      if (init.type === 'VariableDeclaration') declare(cx, init);
      else lowerExpression(cx, init);
    }
    const label = cx.freshLabel(userLabel ?? 'loop');
    loop(cx, label, isBounded(cx, node), node, () => {
      if (test !== null) leaveUnless(cx, test, label);
      const variable = steppedOnly(cx, node);
      if (variable === null) continuable(cx, userLabel, label, node.body);
      else cx.whileStable(variable, () => continuable(cx, userLabel, label, node.body));
      if (update !== null) lowerExpression(cx, update);
    });
  });
}

/** The local of a loop variable that the body does not write, so that aliases may rest on it. */
function steppedOnly(cx: FunctionContext, node: ForStatement): string | null {
  const id = node.init?.type === 'VariableDeclaration' ? node.init.declarations[0]?.id : undefined;
  if (id?.type !== 'Identifier' || assignedNames(node.body).has(id.name)) return null;
  const binding = cx.lookup(id.name);
  return binding?.kind === 'local' ? binding.local : null;
}

function loop(cx: FunctionContext, label: string, bounded: boolean, node: Span, body: () => void): void {
  const stmts = cx.capture(body);
  cx.emit(node, { kind: 'loop', label, body: stmts, bounded });
}
function leaveUnless(cx: FunctionContext, test: Expression, label: string): void {
  cx.lower.branch(cx, test, null, { jump: true, emit: () => cx.emit(test, { kind: 'leave', label }) });
}
/** The body of a loop in which `continue` goes to what follows the body: a block, if there is a `continue`. */
function continuable(cx: FunctionContext, userLabel: string | null, label: string, body: Statement): void {
  let next: string | null = null;
  const target = jumpTarget(cx, userLabel, true, label, () => {
    next ??= cx.freshLabel('next');
    return { kind: 'leave', label: next };
  });
  const stmts: Stmt[] = cx.capture(() => within(cx, target, body));
  if (next === null) cx.out.push(...stmts);
  else cx.emit(body, { kind: 'block', label: next, body: stmts });
}

// Jumps

function jumpTarget(
  cx: FunctionContext,
  userLabel: string | null,
  isLoop: boolean,
  label: string,
  next: () => { kind: 'continue' | 'leave'; label: string },
): JumpTarget {
  return {
    userLabel,
    loop: isLoop,
    ghostDepth: cx.ghostDepth,
    onBreak: (span) => cx.emit(span, { kind: 'leave', label }),
    onContinue: (span) => cx.emit(span, next()),
  };
}
function within(cx: FunctionContext, target: JumpTarget, body: Statement): void {
  cx.jumps.push(target);
  try {
    cx.inScope(() => lowerStatements(cx, [body]));
  } finally {
    cx.jumps.pop();
  }
}
function targetOf(cx: FunctionContext, label: string | null, isContinue: boolean, node: Span): JumpTarget {
  const word = isContinue ? 'continue' : 'break';
  const target = cx.jumps.findLast((candidate) => (label === null ? candidate.loop : candidate.userLabel === label));
  if (target === undefined || (isContinue && !target.loop)) {
    return cx.refuse(
      'MM122',
      node,
      label === null ? `${word} outside a loop` : `there is no ${isContinue ? 'loop' : 'loop or block'} ${label} around`,
    );
  }
  if (target.ghostDepth !== cx.ghostDepth) cx.refuse('MM125', node, `${word} out of a ghost block`);
  return target;
}

// Blocks

function labelledBlock(cx: FunctionContext, body: readonly Statement[], userLabel: string, node: Span): void {
  const label = cx.freshLabel(userLabel);
  const target = jumpTarget(cx, userLabel, false, label, () => ({ kind: 'leave', label }));
  const stmts = cx.capture(() => {
    cx.jumps.push(target);
    try {
      cx.inScope(() => lowerStatements(cx, body));
    } finally {
      cx.jumps.pop();
    }
  });
  cx.emit(node, { kind: 'block', label, body: stmts });
}

function ghostBlock(cx: FunctionContext, body: Statement, node: Span): void {
  if (body.type !== 'BlockStatement') cx.refuse('MM101', node, 'ghost: stands before a block');
  if (cx.ghostDepth > 0) cx.refuse('MM125', node, 'a ghost block inside a ghost block');
  cx.ghostDepth++;
  try {
    const stmts = cx.capture(() => cx.inScope(() => lowerStatements(cx, body.body)));
    cx.emit(node, { kind: 'ghost', body: stmts });
  } finally {
    cx.ghostDepth--;
  }
}
