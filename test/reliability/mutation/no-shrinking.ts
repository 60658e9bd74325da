// A counterexample of a property kills a mutant; to look for a smaller one would take minutes.
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
