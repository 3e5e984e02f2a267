import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { requireVolumeSpace, volumeBytesMin } from '../../../src/preconditions/free-space.ts';
import { smallDisk, smallDiskUnavailable } from '../../support/small-disk.ts';
import { suite } from '../../support/suite.ts';

const test = suite('free space');
const withSmallDisk = test.unless(await smallDiskUnavailable());

withSmallDisk('a volume with less than a run needs is refused before the first write', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-space-'));
  try {
    await using disk = await smallDisk(join(folder, 'disk'), 4);
    await requireVolumeSpace(disk.path);
    await disk.fill(volumeBytesMin - 8192);
    const failure = await requireVolumeSpace(disk.path).then(
      () => assert.unreachable('it should have failed'),
      (error: unknown) => error,
    );
    assert.instance(failure, Failure);
    assert.equal([(failure as Failure).code, (failure as Failure).exit], ['VOLUME_FULL', 4]);
    assert.match((failure as Failure).message, disk.path);
    await disk.makeRoom();
    await requireVolumeSpace(disk.path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a folder of which nothing is known is not refused', async () => await requireVolumeSpace('/nowhere'));

test.run();
