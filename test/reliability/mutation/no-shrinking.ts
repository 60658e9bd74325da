// The first counterexample of a property already kills a mutant; shrinking it would take minutes.
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
