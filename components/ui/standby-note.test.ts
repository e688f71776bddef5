import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { StandbyNote } from './standby-note.tsx'

test('the sentence is one text: React writes no comments into it', () => {
  expect(renderToString(createElement(StandbyNote, { lost: 'it would be lost as well' }))).toContain(
    ' is written in the main database and holds from now on. The standby database had not confirmed it yet: if the main database were lost before that, it would be lost as well.',
  )
})
