import { isIP } from 'node:net';

/** What a server proves its name with; PEM. */
export interface ServerIdentity {
  readonly certificate: string;
  readonly key: string;
}

const VALID_MS = 7 * 24 * 3_600_000;
/** Clocks of a suite's processes are one, but the second in which a certificate begins may not be over. */
const BACKDATE_MS = 3_600_000;

/**
 * A self-signed certificate for these addresses and `localhost`, valid for a week: ECDSA on P-256, as most sites have
 * it. Its own authority: who trusts it trusts nothing else.
 */
export async function makeCertificate(addresses: readonly string[]): Promise<ServerIdentity> {
  // Takes a tenth of a second to load, and only TLS needs it.
  const { generate } = await import('selfsigned');
  const names = [...new Set(['localhost', ...addresses])];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'rtbench' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - BACKDATE_MS),
    notAfterDate: new Date(Date.now() + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { certificate: cert, key };
}
