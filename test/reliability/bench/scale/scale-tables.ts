export const partitionTable = () => '';
export const outageTable = () => '';
