/**
 * The plain values that `state` works with. protocol/events.js and protocol/frames.js make them from frames.
 *
 * Seqs and counts are numbers, times are milliseconds since 1970; 0 means absent.
 *
 * @typedef {{from: number, to: number}} Range both ends included
 * @typedef {{all: boolean, userIds: string[]}} Mentions
 * @typedef {{seq: number, sender: string, quote: string}} Reply the message that another one answers
 *
 * @typedef {object} Message
 * @property {'message'} kind
 * @property {number} seq
 * @property {number} sentAt
 * @property {number} messageIndex
 * @property {string} sender empty: the operator
 * @property {string} clientMsgId
 * @property {string} text
 * @property {string | null} url a link to the media, if there is one
 * @property {Mentions} mentions
 * @property {Reply | null} replyTo
 * @property {string | null} forwardedFrom the original sender
 * @property {boolean} countable whether it counts as unread
 * @property {number} expiresAt 0: never
 * @property {{editedSeq: number, recalledSeq: number, recalledBy: string, expired: boolean}} state from history only
 *
 * @typedef {object} Notice a change of a group or a friendship
 * @property {string} name the field of ConversationEvent
 * @property {string} by who changed it
 * @property {string[]} userIds whom it concerns
 * @property {string} cause why a member was added: a value of MembersAdded.Cause
 * @property {Profile} profile
 * @property {string[]} changed
 * @property {number} memberCount
 * @property {string} role
 * @property {number} until
 * @property {boolean} muted
 * @property {boolean} blocked
 * @property {boolean} unpinned
 * @property {number} target the seq of the message that is pinned or unpinned
 * @property {string} note
 *
 * @typedef {{name: string, announcement: string, joinPolicy: string, historyFromStart: boolean}} Profile of a group
 * @typedef {{userId: string, name: string, avatarUrl: string, disabled: boolean}} UserProfile
 * @typedef {{pinned: boolean, muted: boolean, hidden: boolean, draft: string}} SettingValues
 * @typedef {{conversationId: string, lastSeq: number, messageIndex: number}} Head of a large group or a room
 * @typedef {{userId: string, online: boolean, lastSeenAt: number, status: string}} Presence
 *
 * @typedef {object} GroupView
 * @property {Profile | null} profile
 * @property {string | null} role
 * @property {number} joinedSeq 0: the user has never been a member
 * @property {number} leftSeq
 * @property {boolean} dissolved
 * @property {string} invitedBy who added the user, who has not accepted; empty: no invitation is pending
 *
 * @typedef {{friends: boolean, requested: boolean, requestReceived: boolean, requestNote: string, blocked: boolean}} RelationView
 *
 * @typedef {object} View one user's view of a conversation
 * @property {string} conversationId
 * @property {number} lastSeq
 * @property {number} unread
 * @property {number} unreadMentions
 * @property {number} readSeq
 * @property {number} peerReadSeq
 * @property {number} peerDeliveredSeq
 * @property {number} countedIndex
 * @property {any} lastMessage
 * @property {number} updatedAt
 * @property {Range[]} deleted
 * @property {GroupView | null} group
 * @property {RelationView | null} relation
 * @property {number} version
 * @property {boolean} large
 * @property {SettingValues} settings
 */
export {};
