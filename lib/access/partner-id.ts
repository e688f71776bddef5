import { z } from 'zod'

const notAnId = 'Give a Partner ID: ypa- and 12 digits.'

export const partnerIdSchema = z.string(notAnId).regex(/^ypa-[0-9]{12}$/, notAnId)
