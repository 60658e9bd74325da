// Plays Keyhold against authorization servers written elsewhere, prints the matrix and writes docs/interoperability.md. Names of servers
// play only those, and then nothing is written. Exits with 1 when a cell fails.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Row } from '../../test/interop/matrix/cells.ts';
import { matrixDocument, matrixText } from '../../test/interop/matrix/document.ts';
import { PEER_NAMES, playMatrix, unplayedRow } from '../../test/interop/matrix/matrix.ts';
import { endInTime } from './end-in-time.ts';
import { installGlewlwyd } from './install-glewlwyd.ts';
import { installPeers } from './install-peers.ts';

const MOST_MINUTES = 10;

const hasFailed = ({ cells }: Row): boolean => Object.values(cells).some(({ kind }) => kind === 'fails');

const { positionals } = parseArgs({ allowPositionals: true });
endInTime(MOST_MINUTES);
installPeers();
const wanted = positionals.length > 0 ? positionals : PEER_NAMES;
const lacksGlewlwyd = wanted.includes('glewlwyd') && !installGlewlwyd();
const names = wanted.filter((name) => !(lacksGlewlwyd && name === 'glewlwyd'));
const played = await playMatrix(names, ({ name }) => console.log(`played ${name}`));
const rows = lacksGlewlwyd
  ? [...played, unplayedRow('glewlwyd', 'its Debian packages are not to be had here')]
  : played;
console.log(`\n${matrixText(rows)}`);
if (positionals.length === 0) writeFileSync('docs/interoperability.md', matrixDocument(rows));
process.exitCode = rows.some(hasFailed) ? 1 : 0;
