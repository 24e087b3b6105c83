import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import type { TlsFacts } from '../server/tls-facts.js';
import type { Environment } from './schema.js';

/** Where the facts come from; a platform that lacks one makes its reader return `null`. */
export interface EnvironmentSources {
  readonly nodeVersion: string;
  readonly os: string;
  readonly kernel: string;
  /** Model of the first core; empty where the platform does not tell. */
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly readText: (path: string) => string | null;
  /** Version of an installed package, looked up from this package or from one that depends on it. */
  readonly packageVersion: (name: string, dependent?: string) => string | null;
}

export interface EnvironmentFacts {
  /** Role of process → cores. */
  readonly pinning: Readonly<Record<string, string>> | null;
  /** Deflated size of a body over its size. */
  readonly deflateRatio: number | null;
  /** Unless it says otherwise: the machine's loopback. */
  readonly network?: Environment['network'];
  /** What TLS agrees on; absent or `null`: in the clear. */
  readonly tls?: TlsFacts | null;
  /** What stands between clients and server; absent or `null`: no proxy does. */
  readonly proxy?: Environment['proxy'];
}

/** Libraries whose version changes the figures, with the package that brings them where it is not this one. */
const LIBRARIES: readonly (readonly [name: string, dependent?: string])[] = [
  ['ws'],
  ['undici'],
  ['eventsource'],
  ['eventsource-parser', 'eventsource'],
  ['@grpc/grpc-js'],
  ['hdr-histogram-js'],
];

/** What the figures depend on beside the scenario. Never throws: what the platform does not tell is null. */
export function readEnvironment(facts: EnvironmentFacts, sources: EnvironmentSources = systemSources()): Environment {
  return {
    node: sources.nodeVersion,
    os: sources.os,
    kernel: sources.kernel,
    cpu: sources.cpu.trim() || 'unknown',
    cores: sources.cores,
    memoryBytes: sources.memoryBytes,
    descriptors: descriptorLimit(sources),
    libraries: libraryVersions(sources),
    tcpCongestion: sources.readText('/proc/sys/net/ipv4/tcp_congestion_control')?.trim() || null,
    cgroupCpuMax: cgroupCpuMax(sources),
    pinning: facts.pinning === null ? null : { ...facts.pinning },
    network: facts.network ?? 'loopback',
    tls: facts.tls ? { ...facts.tls, alpn: [...facts.tls.alpn] } : null,
    proxy: facts.proxy ?? null,
    deflateRatio: facts.deflateRatio,
  };
}

function libraryVersions(sources: EnvironmentSources): Record<string, string> {
  return Object.fromEntries(
    LIBRARIES.flatMap(([name, dependent]) => {
      const version = sources.packageVersion(name, dependent);
      return version === null ? [] : [[name, version]];
    }),
  );
}

function descriptorLimit(sources: EnvironmentSources): number | null {
  const match = /^Max open files\s+(\d+)/m.exec(sources.readText('/proc/self/limits') ?? '');
  return match ? Number(match[1]) : null;
}

/** The nearest limit from this process's cgroup upwards, in the form of `cpu.max`: quota and period in µs. */
function cgroupCpuMax(sources: EnvironmentSources): string | null {
  const cgroups = sources.readText('/proc/self/cgroup') ?? '';
  const unified = /^0::(\/.*)$/m.exec(cgroups)?.[1];
  let unlimited: string | null = null;
  for (let path = unified; path !== undefined; path = parentOf(path)) {
    const limit = sources.readText(join('/sys/fs/cgroup', path, 'cpu.max'))?.trim() || null;
    if (limit !== null && !limit.startsWith('max')) return limit;
    unlimited ??= limit;
  }
  return unlimited;
}

function parentOf(path: string): string | undefined {
  if (path === '/') return undefined;
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function systemSources(): EnvironmentSources {
  return {
    nodeVersion: process.version,
    os: `${os.type()} ${os.arch()}`,
    kernel: os.release(),
    cpu: os.cpus()[0]?.model ?? '',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    readText,
    packageVersion,
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Reads the file itself, because a package's `exports` may hide its package.json from `require`. */
function packageVersion(name: string, dependent?: string): string | null {
  const own = createRequire(import.meta.url);
  const home = dependent === undefined ? null : packageFolder(own, dependent);
  const folder = packageFolder(home === null ? own : createRequire(join(home, 'package.json')), name);
  const version: unknown = folder === null ? null : JSON.parse(readText(join(folder, 'package.json')) ?? '{}').version;
  return typeof version === 'string' ? version : null;
}

function packageFolder(require: NodeJS.Require, name: string): string | null {
  const folders = (require.resolve.paths(name) ?? []).map((path) => join(path, name));
  return folders.find((folder) => readText(join(folder, 'package.json')) !== null) ?? null;
}
