/*
 * Two-phase commit, after module TwoPhase of Lamport's TLA+ examples: what explorer/toys/procedures/twoPhaseCommit.ts
 * says, for Spin. Each action is one step. N managers, at most 9. Published numbers of reachable states: 288 for
 * N = 3, 8,832 for 5, 296,448 for 7, 10,340,352 for 9.
 *
 *   spin -DN=7 -a twoPhaseCommit.pml && cc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -m1000000 -w20
 */
#ifndef N
#define N 7
#endif
#define ALL ((1 << N) - 1)
#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

byte coordinator;
short known;
short preparedSent;
bit commitSent;
bit abortSent;
byte manager[N];
/* Follow from the managers' states; for the assertion. */
bit anyCommitted;
bit anyAborted;

#define RECEIVE_PREPARED(k) :: d_step { coordinator == WORKING && (preparedSent & (1 << k)) -> known = known | (1 << k) }

proctype transactionManager()
{
end:
  do
  :: d_step { coordinator == WORKING && known == ALL -> coordinator = COMMITTED; commitSent = 1 }
  :: d_step { coordinator == WORKING -> coordinator = ABORTED; abortSent = 1 }
  RECEIVE_PREPARED(0)
  RECEIVE_PREPARED(1)
  RECEIVE_PREPARED(2)
  RECEIVE_PREPARED(3)
  RECEIVE_PREPARED(4)
  RECEIVE_PREPARED(5)
  RECEIVE_PREPARED(6)
  RECEIVE_PREPARED(7)
  RECEIVE_PREPARED(8)
  od
}

proctype resourceManager(byte me)
{
end:
  do
  :: d_step { manager[me] == WORKING -> manager[me] = PREPARED; preparedSent = preparedSent | (1 << me) }
  :: d_step { manager[me] == WORKING -> manager[me] = ABORTED; anyAborted = 1; assert(!anyCommitted) }
  :: d_step { commitSent -> manager[me] = COMMITTED; anyCommitted = 1; assert(!anyAborted) }
  :: d_step { abortSent -> manager[me] = ABORTED; anyAborted = 1; assert(!anyCommitted) }
  od
}

init
{
  byte next;
  atomic {
    run transactionManager();
    do
    :: next < N -> run resourceManager(next); next = next + 1
    :: else -> break
    od;
    next = 0
  }
}
