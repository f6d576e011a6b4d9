import { OptimusError } from '@optimus/domain';

/** The id after which a page begins. @throws OptimusError `REQUEST_INVALID` */
export function fromIdToken(token: string): string {
  if (/^\d{1,18}$/.test(token)) return token;
  throw createTokenError();
}

/** The time before which a page ends. @throws OptimusError `REQUEST_INVALID` */
export function fromTimeToken(token: string): Date {
  const time = new Date(token);
  if (!Number.isNaN(time.getTime())) return time;
  throw createTokenError();
}

function createTokenError(): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: 'page_token is not one that this server gave',
    hint: 'ask for the first page again, without page_token',
    fields: { field: 'page_token' },
  });
}
