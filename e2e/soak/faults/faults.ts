import { readFile } from 'node:fs/promises'
import type { Dice } from './dice.ts'
import { type Member, type Stage, trySignal } from './stage.ts'

/** Something that goes wrong for a while. */
export type Fault = {
  name: string
  /** How often it is chosen, against the others. */
  weight: number
  /** @returns what ends it. */
  begin(stage: Stage, dice: Dice): Promise<() => Promise<void>>
}

const nothingToEnd = async () => {}

export const faults: Fault[] = [
  ...(['gateway', 'web', 'worker'] as const).flatMap((kind): Fault[] => [
    {
      name: `kill -9 of a ${kind}`,
      // A web server takes a second of processor time to start.
      weight: kind === 'web' ? 1 : 3,
      async begin(stage, dice) {
        const pid = oneOf(kind, stage, dice).pid()
        if (pid) trySignal(pid, 'SIGKILL')
        return nothingToEnd
      },
    },
    {
      name: `SIGSTOP of a ${kind}`,
      weight: 4,
      begin: async (stage, dice) => freeze([oneOf(kind, stage, dice).pid()]),
    },
    {
      name: `database connections of a ${kind} cut`,
      weight: 4,
      begin: async (stage, dice) => trouble(oneOf(kind, stage, dice).wire, 'cut', dice),
    },
    {
      name: `database connections of a ${kind} delayed`,
      weight: 4,
      begin: async (stage, dice) =>
        trouble(oneOf(kind, stage, dice).wire, { delayMs: dice.between(10, 400) }, dice),
    },
    {
      name: `database answers or requests of a ${kind} held back`,
      weight: 4,
      begin: async (stage, dice) =>
        trouble(
          oneOf(kind, stage, dice).wire,
          { held: dice.one(['requests', 'answers', 'both'] as const) },
          dice,
        ),
    },
    {
      name: `clock of a ${kind} moved`,
      weight: 2,
      async begin(stage, dice) {
        if (!stage.hasMovableClocks) return nothingToEnd
        const member = oneOf(kind, stage, dice)
        await member.moveClock(dice.one([-3600, -90, -5, 5, 90, 3600]))
        return () => member.moveClock(0)
      },
    },
  ]),
  {
    name: 'kill -9 of a process of the database',
    weight: 2,
    async begin({ database }, dice) {
      const children = await childrenOf(database.pid())
      if (children.length > 0) trySignal(dice.one(children), 'SIGKILL')
      return nothingToEnd
    },
  },
  {
    name: 'database shut down at once',
    weight: 1,
    async begin({ database }) {
      trySignal(database.pid(), 'SIGQUIT')
      return nothingToEnd
    },
  },
  {
    name: 'SIGSTOP of processes of the database',
    weight: 3,
    async begin({ database }, dice) {
      const children = await childrenOf(database.pid())
      const share = dice.one([0.2, 0.5, 1])
      return freeze(children.filter(() => dice.happens(share)))
    },
  },
  {
    name: 'disk of the database full',
    weight: 1,
    begin: async ({ database }) => (database.fillDisk ? database.fillDisk() : nothingToEnd),
  },
  {
    name: 'mail server refuses',
    weight: 4,
    async begin({ mailServer }, dice) {
      // Nothing that concerns the recipient: all of it is to be tried again.
      const refuse = dice.one([421, 450, 451, 452, 552])
      mailServer.judgeBy(() => ({ refuse }))
      return async () => mailServer.judgeBy(() => 'take')
    },
  },
  {
    name: 'mail server takes a mail and says so too late',
    weight: 2,
    begin: async ({ mailWire }, dice) => trouble(mailWire, { held: 'answers' }, dice),
  },
  {
    name: 'mail server gone',
    weight: 3,
    begin: async ({ mailWire }, dice) => trouble(mailWire, 'cut', dice),
  },
  {
    name: 'receivers of webhooks fail',
    weight: 4,
    async begin({ receiver }, dice) {
      const answers = [
        { status: 500 },
        { status: 429, headers: { 'retry-after': '1' } },
        { status: 404 },
        { status: 302, headers: { location: 'http://127.0.0.1/elsewhere' } },
        { status: 200, headers: { 'content-length': '100' }, body: 'shorter than it says' },
        'never',
      ] as const
      const answer = dice.one(answers)
      receiver.judgeBy(() => answer)
      return async () => receiver.judgeBy(() => ({ status: 204 }))
    },
  },
  {
    name: 'receivers of webhooks gone',
    weight: 3,
    begin: async ({ receiverWire }, dice) => trouble(receiverWire, 'cut', dice),
  },
]

function oneOf(kind: Member['kind'], { members }: Stage, dice: Dice): Member {
  return dice.one(members.filter((member) => member.kind === kind))
}

async function trouble(wire: Member['wire'], what: Parameters<Member['wire']['trouble']>[0], dice: Dice) {
  // Cut afterwards, a held answer is lost: the operation may be done and nobody hears of it.
  const open = dice.one(['kept', 'cut'] as const)
  wire.trouble(what)
  return async () => wire.mend(open)
}

async function freeze(pids: (number | undefined)[]) {
  const frozen = pids.filter((pid): pid is number => pid !== undefined && trySignal(pid, 'SIGSTOP'))
  return async () => {
    for (const pid of frozen) trySignal(pid, 'SIGCONT')
  }
}

/** A server stops where it is, with all its processes; the answer lets it go on. */
export const freezeWithChildren = async (pid: number) => freeze([pid, ...(await childrenOf(pid))])

/** Of Linux only. None where the server is gone. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}
