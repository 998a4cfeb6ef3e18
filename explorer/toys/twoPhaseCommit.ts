/**
 * Two-phase commit, after module TwoPhase of Lamport's TLA+ examples (Gray, Lamport: "Consensus on Transaction
 * Commit", 2006). Every action is one locked section, so it is one step, as there.
 *
 * In: a number of resource managers. Out: a toy with a published number of reachable states.
 * Never: failures or message loss, which the original leaves out, too.
 */
import { bits, flag, mutex, singletonTable, staticTable } from '../../compiler/machine/schema.ts';
import { always, processesOf, type Toy } from './toy.ts';

/** Up to 10 managers: each takes three processes, one for each kind of its actions. */
export function twoPhaseCommit(managerCount: number): Toy {
  return {
    name: `two-phase commit, ${managerCount} managers`,
    file: 'twoPhaseCommit.ts',
    tables: {
      protocol: singletonTable({
        lock: mutex(),
        /** State of the transaction manager. */
        coordinator: bits(2),
        /** Managers of which the coordinator knows that they are prepared, as a bit set. */
        known: bits(managerCount),
        /** Managers that have sent "prepared", as a bit set. */
        preparedSent: bits(managerCount),
        commitSent: flag(),
        abortSent: flag(),
      }),
      managers: staticTable(managerCount, { state: bits(2) }),
    },
    constants: { MANAGERS: managerCount, ALL_MANAGERS: 2 ** managerCount - 1 },
    processes: [
      ...processesOf('decide', managerCount, 'daemon', 'reference'),
      ...processesOf('receiveCommit', managerCount, 'daemon', 'reference'),
      ...processesOf('receiveAbort', managerCount, 'daemon', 'reference'),
      { name: 'coordinator', title: 'transaction manager', procedure: 'transactionManager', args: [], kind: 'daemon' },
    ],
    properties: [always('consistent', 'consistent')],
  };
}
