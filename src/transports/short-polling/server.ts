export { pollServerHalf as serverHalf } from '../http/poll-server.js';
