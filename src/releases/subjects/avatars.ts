/** The header of the release shows `image`; the avatar stays where it is. */
import { all, change, hasColumn, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

/** A release to come may drop it. */
const hasAvatar = hasColumn('Users', 'avatar');

export const avatars: Subject = {
  name: 'avatars',
  places: [],
  applied: hasColumn('Users', 'image'),
  restore: [
    change(setting({ table: 'Users', column: 'image', value: 't.avatar', where: 't.image is null and t.avatar is not null' }), {
      when: hasAvatar,
    }),
  ],
  proofs: [
    {
      table: 'Users',
      column: 'image',
      wrong: `select t.id::text as row_id, ${modified('t', 'updated_at')} as modified from public."Users" t
        where t.avatar is not null and t.image is null`,
      compared: 'select count(*) as n from public."Users" where avatar is not null',
      when: all(hasColumn('Users', 'image'), hasAvatar),
    },
  ],
  reported: [
    {
      what: 'Pictures of users',
      where: 'the picture of the user (Users.avatar and Users.image)',
      home: true,
      count: 'select count(*) as n from public."Users" where avatar is not null',
      query: 'select id, avatar from "Users" where avatar is not null;',
      when: hasAvatar,
    },
  ],
};
