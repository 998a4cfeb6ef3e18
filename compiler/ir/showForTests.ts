/**
 * IR as it is, a line a statement, for inline snapshots: nothing put together, nothing left out.
 *
 * In: a procedure. Out: text. Never: read back.
 */
import { spellType } from './typeRelations.ts';
import type { Expr, Place, Procedure, Stmt } from './types.ts';

export function showProcedure(procedure: Procedure): string {
  return show(procedure.body, '').join('\n');
}

function show(body: readonly Stmt[], indent: string): string[] {
  return body.flatMap((stmt) => {
    const inside = (list: readonly Stmt[]): string[] => show(list, `${indent}  `);
    switch (stmt.kind) {
      case 'if':
        return [
          `${indent}if ${expr(stmt.cond)}`,
          ...inside(stmt.then),
          ...(stmt.else.length > 0 ? [`${indent}else`, ...inside(stmt.else)] : []),
        ];
      case 'loop':
        return [`${indent}${stmt.bounded ? 'bounded ' : ''}loop ${stmt.label}`, ...inside(stmt.body)];
      case 'block':
        return [`${indent}block ${stmt.label}`, ...inside(stmt.body)];
      case 'ghost':
        return [`${indent}ghost`, ...inside(stmt.body)];
      case 'wait':
        return [`${indent}${stmt.idle ? 'idle' : 'wait'} "${stmt.label}"`, ...inside(stmt.body), `${indent}until ${expr(stmt.cond)}`];
      default:
        return [indent + leaf(stmt)];
    }
  });
}

function leaf(stmt: Stmt): string {
  const gives = 'dst' in stmt && stmt.dst !== null ? `${stmt.dst} := ` : '';
  switch (stmt.kind) {
    case 'assign':
      return `${gives}${expr(stmt.value)}`;
    case 'load':
      return `${gives}load ${place(stmt.place)}`;
    case 'store':
      return `store ${place(stmt.place)} <- ${expr(stmt.value)}`;
    case 'atomic':
      return `${gives}${stmt.operator} ${place(stmt.place)} (${stmt.operands.map(expr).join(', ')})`;
    case 'call':
      return `${gives}call ${stmt.callee}(${stmt.args.map((arg) => (arg.mode === 'in' ? expr(arg.value) : `&${arg.local}`)).join(', ')})`;
    case 'return':
      return stmt.value === null ? 'return' : `return ${expr(stmt.value)}`;
    case 'leave':
    case 'continue':
      return `${stmt.kind} ${stmt.label}`;
    case 'acquire':
    case 'release':
    case 'tryAcquire':
      return `${gives}${stmt.kind} ${stmt.mode} ${place(stmt.lock)}`;
    case 'lockQuery':
      return `${gives}${stmt.query} ${place(stmt.lock)}`;
    case 'list':
      return `${gives}list ${stmt.operator}${stmt.exclusive ? ' exclusive' : ''} ${place(stmt.list)}${stmt.element === null ? '' : ` (${expr(stmt.element)})`}`;
    case 'alloc':
      return `${gives}alloc ${stmt.table}`;
    case 'free':
      return `free ${expr(stmt.ref)}`;
    case 'rowQuery':
      return `${gives}allocated ${expr(stmt.ref)}`;
    case 'choose':
      return `${gives}choose "${stmt.label}" ${stmt.count}${stmt.forEver ? '' : ' fair'}`;
    case 'assume':
      return `assume ${expr(stmt.cond)}`;
    case 'assert':
      return `${stmt.severity} unless ${expr(stmt.cond)}${stmt.property === null ? '' : ` [${stmt.property}]`}`;
    default:
      return stmt.kind;
  }
}

function place(of: Place): string {
  if (of.kind === 'pointer') return `*${expr(of.pointer)}`;
  const row = of.row === null ? of.table : `${of.table}[${expr(of.row)}]`;
  return `${row}.${of.field}${of.index === null ? '' : `[${expr(of.index)}]`}`;
}

function expr(of: Expr): string {
  switch (of.op) {
    case 'const':
      return of.name ?? String(of.value);
    case 'local':
      return of.local;
    case 'self':
      return 'self';
    case 'unary':
      return `${of.operator}${expr(of.a)}`;
    case 'binary': {
      // The type in which it is computed is told unless it is that of the left operand, or bool.
      const odd = of.type.kind === 'int' && of.a.type.kind === 'int' && spellType(of.type) !== spellType(of.a.type);
      return `(${expr(of.a)} ${of.operator} ${expr(of.b)})${odd ? `:${spellType(of.type)}` : ''}`;
    }
    case 'pointerTo':
      return `pointerTo ${of.type.table}.${of.type.field}(${expr(of.row)}, ${expr(of.index)})`;
    default:
      return `${of.op} ${spellType(of.type)}(${expr(of.a)})`;
  }
}
