/** Statements in pieces of functions, by their lines. */
import { describe, expect, it } from 'vitest';
import type { SideLine } from '../c/tokens.ts';
import { statementsIn } from './statements.ts';

const found = (text: string) => {
  const lines = text.split('\n').map((line, at): SideLine => ({ text: line, line: at + 1, column: 1, hunk: 1, change: 'added' }));
  return statementsIn(lines).map(({ first, last, isBody, isResult, guard }) => {
    const marks = `${isBody ? ' body' : ''}${isResult ? ' result' : ''}${guard === null ? '' : ` guard ${guard.map((line) => line + 1).join()}`}`;
    return `${first + 1}-${last + 1}${marks}`;
  });
};

describe('statements in a run of lines', () => {
  it('are those of a function, outer ones first, without declarations and labels', () => {
    const text = `static int f(struct kvm *kvm)
{
	struct kvm_mmu_page *sp;
	int n = 0;

again:
	list_for_each_entry(sp, &kvm->arch.active_mmu_pages,
			    link) {
		/* a comment; with { signs */
		if (sp->unsync &&
		    n < 3) {
			n++;
			zap(kvm, sp);
		}
		if (!n)
			continue;
		else
			goto again;
	}
	do {
		n--;
	} while (n);
	return n;
}`;
    expect(found(text)).toEqual([
      '7-19',
      '10-14 guard 10,11,14',
      '12-12',
      '13-13',
      '15-18',
      '16-16 body',
      '18-18 body',
      '20-22',
      '21-21',
      '23-23 result',
    ]);
  });

  it('are found in a piece of a function, whose braces belong to what is not shown', () => {
    expect(found('	b();\n}\nif (x)\n	c(y,\n	  z);\n} else {\n	d();')).toEqual(['1-1', '3-5 guard 3', '4-5 body', '7-7']);
  });

  it('have their lines for themselves', () => {
    expect(found('a(); b();\nif (x) { c(); }\nif (x) d();\nelse {\n	e();\n}')).toEqual(['2-2', '3-6', '5-5']);
  });

  it('of a hostile text are found in linear time', () => {
    expect(found('if (x) {\n'.repeat(3000)).length).toBeLessThan(3000);
    expect(found('case '.repeat(20_000))).toEqual([]);
  });
});
