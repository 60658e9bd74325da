// Prints the hash of a user's id as the log has it, to find the requests for that user. The key is in the environment, so that it
// is in no list of processes: USER_LOG_KEY=… npm run user-hash --silent -- alice
import { hmacSha256 } from '../lib/domain/values/digest.ts';

const { USER_LOG_KEY: key } = process.env;
const [userId] = process.argv.slice(2);
if (!key || !userId) {
  console.error('usage: USER_LOG_KEY=… npm run user-hash --silent -- <user id>');
  process.exit(2);
}
console.log(hmacSha256(key, userId));
