// `npm run bench`: measures every figure of docs/performance.md against a floor of the same run, and prints them. `--only <name>` (a group
// or a figure, repeatable), `--json`, `--quick`, `--cost`, `--scale`; `--write` replaces the tables in the documents.
import { writeFileSync } from 'node:fs';
import { type Findings, getEffort } from './measure/figure.ts';
import { selectGroups } from './measure/names.ts';
import { type Options, readOptions } from './measure/options.ts';
import { runGroups } from './measure/run-groups.ts';
import { callCostTable, monthlyCostTable } from './report/cost.ts';
import { figureTable, unitTable } from './report/figure-table.ts';
import { unitChart } from './report/unit-chart.ts';
import { describeRun, writeSections } from './report/write-documents.ts';
import { outageTable, partitionTable } from './scale/scale-tables.ts';

const UNITS_HEAD = 'Requests / read units / write units / requests to KMS:';

const printFindings = ({ figures, units }: Findings): void => {
  if (figures.length > 0) console.log(figureTable(figures));
  if (units.length > 0) console.log(`\n${UNITS_HEAD}\n\n${unitTable(units)}`);
};

const writeUnits = ({ units }: Findings, run: string): void => {
  writeSections('docs/performance.md', { units: `${run} ${UNITS_HEAD}\n\n${unitTable(units)}` });
  writeSections('docs/cost.md', { calls: callCostTable(units), month: monthlyCostTable(units) });
  writeFileSync('docs/pictures/units.svg', unitChart(units));
};

const measureFigures = async ({ only, quick, json, write }: Options): Promise<void> => {
  const run = describeRun(new Date());
  const say = (line: string) => console.error(line);
  const findings = await runGroups(selectGroups(only), getEffort(quick), say);
  if (json) console.log(JSON.stringify({ run, quick, ...findings }, null, 2));
  else printFindings(findings);
  if (!write) return;
  writeSections('docs/performance.md', { figures: `${run}\n\n${figureTable(findings.figures)}` });
  writeUnits(findings, run);
};

const measureCost = async ({ quick, write }: Options): Promise<void> => {
  const run = describeRun(new Date());
  const findings = await runGroups(['units'], getEffort(quick), () => {});
  console.log(`${callCostTable(findings.units)}\n\n${monthlyCostTable(findings.units)}`);
  if (write) writeUnits(findings, run);
};

const simulateScale = ({ write }: Options): void => {
  const sections = { partitions: partitionTable(), outage: outageTable() };
  console.log(Object.values(sections).join('\n\n'));
  if (write) writeSections('docs/scale.md', sections);
};

const options = readOptions(process.argv.slice(2));
if (options.scale) simulateScale(options);
else if (options.cost) await measureCost(options);
else await measureFigures(options);
