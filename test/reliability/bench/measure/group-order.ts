// What the process that measures a group is told.
import type { Effort } from './figure.ts';
import type { GroupName } from './names.ts';

/** The group to measure, and the folder with the bundles: `<function>-<kind>.<ending>`. */
export interface GroupOrder {
  group: GroupName;
  effort: Effort;
  folder: string;
  /** The paths of the deployed bundles, by function. */
  deployed: Record<string, string>;
  /** The paths of the naive bundles, by function. */
  naive: Record<string, string>;
}
