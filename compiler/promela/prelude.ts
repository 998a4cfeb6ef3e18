/**
 * What all exported systems share: arithmetic by range rules, references, faults, choices. Written against the rules in
 * `compiler/program/types.ts`, not against the other back ends, so that a mistake of theirs shows as a difference.
 *
 * In: nothing. Out: C. Never: anything of one system.
 */
export const prelude = `
typedef long long ll;
typedef unsigned long long ull;
enum { WRAP, BOUND, FAULT, SATURATE };
enum { nullDereference = 1, useAfterFree, badIndex, doubleFree, listCorruption, notHeld, selfDeadlock, underflow, divisionByZero, bug, bound };
static const char *fault_names[] = { "", "nullDereference", "useAfterFree", "badIndex", "doubleFree", "listCorruption", "notHeld",
  "selfDeadlock", "underflow", "divisionByZero", "bug", "bound" };

static MmuState N;              /* the successor under construction */
static int self;             /* the process that runs */
static jmp_buf *on_end;      /* where a path that ends goes */
enum { NO_STEP = 1, PATH_ENDED = 2 }; /* there is no such step; it ends in a fault */
static int fault_kind, message;
static ull bad, ever_met;     /* properties violated by the step, ever met */

static void end_path(int kind) { fault_kind = kind; longjmp(*on_end, PATH_ENDED); }
static void no_step(void) { longjmp(*on_end, NO_STEP); }

static ll bring(ll v, ll min, ll max, int over, int under) {
  if (v >= min && v <= max) return v;
  switch (v > max ? over : under) {
    case WRAP: { ll size = max - min + 1, offset = (v - min) % size; return min + (offset < 0 ? offset + size : offset); }
    case SATURATE: return v > max ? max : min;
    case FAULT: end_path(underflow);
    default: end_path(bound);
  }
  return 0;
}
static ll divisor(ll v) { if (v == 0) end_path(divisionByZero); return v; }
static ll row_of(ll v, int rows, int dangling) {
  if (v == dangling) end_path(useAfterFree);
  if (v < 1 || v > rows) end_path(nullDereference);
  return v - 1;
}
static ll row_at(ll row, int rows) { if (row < 0 || row >= rows) end_path(badIndex); return row + 1; }
static ll special(ll n, int rows, int specials) { if (n < 0 || n >= specials) end_path(badIndex); return rows + 1 + n; }
static ll element(ll v, int dangling) {
  if (v == 0) end_path(nullDereference);
  if (v == dangling) end_path(useAfterFree);
  return v - 1;
}
static ll pointer_to(ll row, ll index, int length) { if (index < 0 || index >= length) end_path(badIndex); return 1 + row * length + index; }
static ll pointer_row(ll v, int length, int dangling, int dangling_row) {
  if (v == 0) return 0;
  if (v == dangling) { if (dangling_row < 0) end_path(useAfterFree); return dangling_row; }
  return (v - 1) / length + 1;
}
static ll ref_cast(ll v, int rows, int dangling, int specials, int dangling_target) {
  if (v <= rows) return v;
  if (v == dangling) { if (dangling_target < 0) end_path(useAfterFree); return dangling_target; }
  return v - rows <= specials ? v : 0;
}
/* Element number of a field; order of the tests: row (before the call), index, life. */
static int at(ll row, ll index, int length, const unsigned char *live) {
  if (index < 0 || index >= length) end_path(badIndex);
  if (live && !live[row]) end_path(useAfterFree);
  return (int)(row * length + index);
}

static int at_element(ll k, int length, const unsigned char *live) {
  if (live && !live[k / length]) end_path(useAfterFree);
  return (int)k;
}

/* Locals that a free makes dangling: those of the process and of every function that is under way. */
typedef struct { int table, length, dangling; } Shape;
typedef struct Link { struct Link *next; int count; const Shape *shapes; ll *values; } Link;
static Link *links;
static ll dangled(ll v, int table, int row, const Shape *s) {
  return s->table == table && v != 0 && v != s->dangling && (v - 1) / s->length == row ? s->dangling : v;
}
static void dangle_links(int table, int row) {
  for (Link *l = links; l; l = l->next)
    for (int k = 0; k < l->count; k++) l->values[k] = dangled(l->values[k], table, row, &l->shapes[k]);
}

/* Choices of one run: answers so far, and how many there were of each. */
enum { CHOICES = 24 };
static int answers[CHOICES], counts[CHOICES], asked;
static int choose(int count) {
  if (asked == CHOICES) { fprintf(stderr, "more than %d choices in one step\\n", CHOICES); exit(70); }
  counts[asked] = count;
  return answers[asked++];
}
static int next_answers(void) {
  int k = asked - 1;
  while (k >= 0 && answers[k] + 1 >= counts[k]) answers[k--] = 0;
  if (k < 0) return 0;
  answers[k]++;
  return 1;
}
static void first_answers(void) { memset(answers, 0, sizeof answers); }

static int list_find(const unsigned int *items, int length, ll e) {
  for (int k = 0; k < length; k++) if (items[k] == e) return k;
  return -1;
}
static void list_insert(unsigned int *items, unsigned int *length, int capacity, int where, ll e) {
  if ((int)*length >= capacity) end_path(bound);
  memmove(items + where + 1, items + where, (*length - where) * sizeof *items);
  items[where] = (unsigned int)e;
  ++*length;
}
static void list_remove(unsigned int *items, unsigned int *length, ll e) {
  int k = list_find(items, *length, e);
  if (k < 0) end_path(listCorruption);
  memmove(items + k, items + k + 1, (*length - k - 1) * sizeof *items);
  items[--*length] = 0;
}
static ll list_step(const unsigned int *items, int length, ll e, int by) {
  int k = list_find(items, length, e);
  if (k < 0) end_path(listCorruption);
  k += by;
  return k < 0 || k >= length ? 0 : items[k];
}
`;
