export { inspector } from '../http/poll-inspect.js';
