/** Texts in which readers once failed, made as small as they got: what, and the text. Each is read again by the tests. */
export const seedFailures: readonly (readonly [what: string, text: string])[] = [
  [
    'a hunk that is said to be a thousand million lines down (hung)',
    '--- a/arch/x86/kvm/mmu/mmu.c\n+++ b/arch/x86/kvm/mmu/mmu.c\n@@ -999999999 +999999999,0 @@ int f(void)\n-\tint nr;\n-- \n',
  ],
];
