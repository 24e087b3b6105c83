import { installedVersion } from '../../network/middlebox/foreign-process.js';
import { nginx } from '../../network/middlebox/nginx.js';
import type { GuideExtra } from '../../report/guide/schema.js';
import type { FoundMend, Passage } from '../../report/proxies/schema.js';
import type { Row } from '../../scenario/scenario.js';
import { measureProxies } from '../proxies/proxies.js';

type Nginx = NonNullable<GuideExtra['nginx']>;

/** Far enough apart that two messages which come together do so because something held them. */
const TIMING = { messages: 4, intervalMs: 400, promptMs: 100, silenceMs: 0 } as const;

/** Each row through nothing and through nginx as it is by default; where that fails, the lines that mend it. */
export async function measureNginx(rows: readonly Row[], signal: AbortSignal): Promise<Nginx> {
  const version = await installedVersion(nginx);
  const measured: Nginx = { version, rows: [], failed: [] };
  if (version === null) {
    const reason = `${nginx.title} is not installed: apt-get install ${nginx.debianPackage}`;
    measured.failed.push(...rows.map(({ label }) => ({ label, reason })));
    return measured;
  }
  const passages: Passage[] = [];
  const mends: FoundMend[] = [];
  await measureProxies({
    rows,
    columns: [{ kind: 'foreign', middlebox: nginx, configuration: 'default' }],
    timing: TIMING,
    signal,
    onPassage: (passage) => passages.push(passage),
    onMend: (mend) => mends.push(mend),
    onColumn: async () => {},
  });
  for (const { label } of rows) {
    const [direct, through] = [true, false].map((isDirect) =>
      passages.find((passage) => passage.label === label && (passage.middlebox === 'direct') === isDirect),
    );
    if (direct === undefined || through === undefined) {
      measured.failed.push({ label, reason: 'interrupted' });
      continue;
    }
    const { outcome, reason } = through;
    const mend = mends.find((found) => found.label === label)?.lines ?? null;
    measured.rows.push({ label, direct: direct.outcome, outcome, reason, mend });
  }
  return measured;
}
