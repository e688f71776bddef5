import { readSigners } from '../../process/note-signers.ts'

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64')

/** `RECEIPT_KEYS` of the tests. */
export const testSignersText = `tests.example/log:${keyOf(7)}`
export const testSigners = readSigners(testSignersText)
/** A newer key beside the one before. */
export const rotatedSigners = readSigners(`tests.example/log:${keyOf(8)},${testSignersText}`)
