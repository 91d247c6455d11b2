import { hunt, type Order } from './hunt.ts';

// This file is a process of its own. It receives orders from the process that started it, and ends with it.
process.on('message', async (order: Order) => process.send!(await hunt(order)));
process.on('disconnect', () => process.exit());
