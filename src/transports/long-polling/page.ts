export { pageHalf } from '../http/poll-page.js';
