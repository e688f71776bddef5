// In place of what Next sends to every browser for those before 2023, which it does not support any more.
export {}
