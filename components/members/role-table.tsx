import type { Role, Side } from '#lib/access/actor.ts'
import { Card } from '../ui/card.tsx'
import { roleNames, roleRights } from './words.ts'

const roles = Object.keys(roleNames) as Role[]

/** What each role may do. */
export function RoleTable({ side }: { side: Side }) {
  return (
    <Card aria-labelledby="roles-title">
      <h2 id="roles-title" className="px-4 py-3.5 text-base font-semibold">
        What each role may do
      </h2>
      <table
        id="roles"
        aria-labelledby="roles-title"
        className="w-full border-collapse border-t border-line text-left text-sm"
      >
        <thead className="text-[13px] text-soft">
          <tr className="border-b border-line">
            <td className="px-4 py-2" />
            {roles.map((role) => (
              <th
                key={role}
                scope="col"
                className="px-1 py-2 text-center font-medium last:pr-3 max-sm:text-xs sm:px-4"
              >
                {roleNames[role]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {roleRights[side].map(({ right, of }) => (
            <tr key={right} className="border-b border-line last:border-0">
              <th scope="row" className="px-4 py-2 font-normal">
                {right}
              </th>
              {roles.map((role) => (
                <td key={role} className="px-1.5 py-2 text-center sm:px-4">
                  {of.includes(role) ? (
                    <>
                      <span aria-hidden="true" className="text-ok">
                        ✓
                      </span>
                      <span className="sr-only">yes</span>
                    </>
                  ) : (
                    <>
                      <span aria-hidden="true" className="text-soft">
                        –
                      </span>
                      <span className="sr-only">no</span>
                    </>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
