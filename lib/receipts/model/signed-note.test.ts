import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { readSigners, signerOf } from '../../process/note-signers.ts'
import { checkpointOf, isSignedBy } from './signed-note.ts'
import { rotatedSigners, testSigners } from './test-signer.ts'

/** The key pair of RFC 8032, section 7.1, test 1. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
const head = { size: 3, root: Buffer.alloc(32, 1) }

test('a key for who verifies is its name, its id and the public key, as the field writes it', () => {
  const signer = signerOf('tokens.example.com/log', seed)
  const [name, id, key = ''] = signer.verifierKey.split('+')
  expect([name, id]).toEqual(['tokens.example.com/log', signer.keyId])
  expect(Buffer.from(signer.verifierKey.slice(`${name}+${id}+`.length), 'base64')).toEqual(
    Buffer.concat([Buffer.from([1]), publicKey]),
  )
  expect(key).not.toBe('')
  expect(signer.keyId).toMatch(/^[0-9a-f]{8}$/)
})

test('a checkpoint is the origin, the size and the root, with a signature over exactly that', () => {
  const signer = signerOf('tokens.example.com/log', seed)
  const lines = checkpointOf([signer], head).split('\n')
  expect(lines.slice(0, 4)).toEqual(['tokens.example.com/log', '3', head.root.toString('base64'), ''])
  const [mark, name, signature = ''] = (lines[4] ?? '').split(' ')
  expect([mark, name, lines[5], lines.length]).toEqual(['—', 'tokens.example.com/log', '', 6])
  const bytes = Buffer.from(signature, 'base64')
  expect(bytes.subarray(0, 4).toString('hex')).toBe(signer.keyId)
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const text = Buffer.from(`${lines.slice(0, 3).join('\n')}\n`)
  expect(verify(null, text, key, bytes.subarray(4))).toBe(true)
  expect(verify(null, Buffer.concat([text, Buffer.from('\n')]), key, bytes.subarray(4))).toBe(false)
})

test('while keys change all of them sign, under one name', () => {
  const checkpoint = checkpointOf(rotatedSigners, head)
  expect(checkpoint.match(/^— tests\.example\/log /gm)).toHaveLength(2)
  expect(isSignedBy(testSigners, checkpoint)).toBe(true)
  expect(isSignedBy(rotatedSigners, checkpoint)).toBe(true)
  expect(isSignedBy(rotatedSigners, checkpointOf(testSigners, head))).toBe(false)
})

const key = seed.toString('base64')
test.each([
  ['nonsense', 'the key must be 32 bytes'],
  ['log:c2hvcnQ=', 'the key must be 32 bytes'],
  [`a log:${key}`, 'like an address'],
  [`log+1:${key}`, 'like an address'],
  [`https://tokens.example.com:${key}`, 'a name, a colon, then the key'],
  [`a.example:${key},b.example:${Buffer.alloc(32, 2).toString('base64')}`, 'the same name'],
  [`a.example:${key},a.example:${key}`, 'twice'],
])('RECEIPT_KEYS %j is refused with what is wrong, and without the key', (text, problem) => {
  expect(() => readSigners(text)).toThrow(problem)
  try {
    readSigners(text)
  } catch (error) {
    expect(String(error)).not.toContain(key)
  }
})
