// Parameters that the chain reads itself, without a schema: here for the documentation only.
import * as z from 'zod';
import { parameter } from '../schemas/parameters.ts';

/** Decoded by domain/values/user-path.ts. */
export const UserSegment = z
  .string()
  .meta(
    parameter(
      'The user id: `~` and its UTF-8 in base64url without padding. An id made of `A–Z a–z 0–9 . _ -` (and not `.` or `..`) ' +
        'may also be written as it is.',
      '~YWxpY2VAZXhhbXBsZS5jb20',
    ),
  );

/** Parsed by chain/read-request.ts. */
export const IfMatch = z
  .string()
  .meta(
    parameter(
      'The version of the user that the caller has seen, as an ETag gave it. Any other present version is a 412.',
      '"v3"',
    ),
  );
