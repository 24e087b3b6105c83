import type { Transport } from '../transport.js';

export const noResume = ({ profile }: Transport) =>
  profile.resume === 'none' ? 'the transport does not claim to resume (profile.resume)' : undefined;
export const noUplink = ({ profile }: Transport) =>
  profile.uplink === 'none' ? 'the transport has no uplink (profile.uplink)' : undefined;

export const neverFull = ({ profile }: Transport) =>
  profile.delivery === 'pull' ? 'nothing waits for a client that asks (profile.delivery)' : undefined;

export const noFarewell = ({ profile }: Transport) =>
  profile.farewell === undefined ? 'the transport does not claim to drain (profile.farewell)' : undefined;
