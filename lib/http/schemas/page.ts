// The page that people open by a connect link.
import * as z from 'zod';

/** The page, as one HTML document. */
export const ConnectPage = z.string().meta({ id: 'ConnectPage' });
