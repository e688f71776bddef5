/** Lists that are downloaded at once from one web server, where each has a connection of its own. */
export const mostDownloadsOfNode = 4
/** Who takes nothing of a download for so long has gone. */
export const downloadStallSeconds = 120
