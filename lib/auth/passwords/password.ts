import { hash, type Options, verify } from '@node-rs/argon2'
import { maxPasswordLength } from '../limits.ts'

/** Argon2id, 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's first choice. */
const parameters: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A hash of a password that nobody knows, with our parameters: verifying against it takes as long as a real one. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$/mdvli0WyRf6jQhMZi/wjA$3qihBmnNvlAo4R/YuYsLvbDG7yDBGki0UjdtLIzo8GE'

/** Each takes a thread of the libuv pool and 19 MiB; the rest of that pool stays free for the others. */
const maxAtWork = 3
/** About three seconds of work. Who comes later is asked to come back instead of waiting in vain. */
const maxWaiting = 100

let atWork = 0
const waiting: (() => void)[] = []

/** More passwords are waiting to be checked than this process can work off soon. */
export class PasswordWorkOverload extends Error {
  override name = 'PasswordWorkOverload'
}

/** @returns a PHC string that carries salt and parameters. */
export function hashPassword(password: string): Promise<string> {
  return withPlace(() => hash(canonical(password), parameters))
}

/**
 * Takes the same time whether or not there is a hash to compare with.
 * @param passwordHash null where the account does not exist or has no password: always false.
 * @throws PasswordWorkOverload
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await withPlace(() => verify(passwordHash ?? nobodysHash, canonical(password)))
  return matches && passwordHash !== null
}

/** The same letters typed on another keyboard are the same password (NIST SP 800-63B, 3.1.1.2). */
function canonical(password: string) {
  if (password.length > maxPasswordLength) throw new RangeError(`a password of ${password.length} characters`)
  return password.normalize('NFKC')
}

async function withPlace<T>(work: () => Promise<T>): Promise<T> {
  if (atWork >= maxAtWork) {
    if (waiting.length >= maxWaiting) throw new PasswordWorkOverload()
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    atWork += 1
  }
  try {
    return await work()
  } finally {
    // The place goes to the next in line, or is given back.
    const next = waiting.shift()
    if (next) next()
    else atWork -= 1
  }
}
