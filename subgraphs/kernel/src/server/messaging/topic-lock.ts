/** Sets the locks on topics apart from other advisory locks: shared to take an event in, alone to empty a projection. */
export const topicLock = 7_264;
