#ifndef TALLYMAN_ACT_H
#define TALLYMAN_ACT_H
/*
 * act.h: everything a person can ask for, whatever key it is on.
 *
 * data/keymap.ini gives keys to acts. An act that reaches a marketplace has no key and can be
 * given none: it is chosen from an action sheet, previewed and typed.
 */
#include <stdbool.h>

enum act {
	ACT_NONE,
	/* move */
	ACT_DOWN,
	ACT_UP,
	ACT_LEFT,
	ACT_RIGHT,
	ACT_FIRST,
	ACT_LAST,
	ACT_PAGE_DOWN,
	ACT_PAGE_UP,
	ACT_HALF_DOWN,
	ACT_HALF_UP,
	ACT_NEXT_PANE,
	ACT_PREV_PANE,
	ACT_SCREEN_1, /* ten in a row: the tabs of the frame */
	ACT_SCREEN_2,
	ACT_SCREEN_3,
	ACT_SCREEN_4,
	ACT_SCREEN_5,
	ACT_SCREEN_6,
	ACT_SCREEN_7,
	ACT_SCREEN_8,
	ACT_SCREEN_9,
	ACT_SCREEN_0,
	ACT_PREV_ITEM,
	ACT_NEXT_ITEM,
	ACT_BACK,
	ACT_FORWARD,
	ACT_GO_TO_ID,
	ACT_OPEN,
	ACT_CANCEL,
	ACT_CLOSE,
	ACT_ZOOM,
	ACT_PREV_EVENT,
	ACT_NEXT_EVENT,
	/* see */
	ACT_FILTER,
	ACT_FIND,
	ACT_FIND_NEXT,
	ACT_FIND_PREV,
	ACT_SORT,
	ACT_SORT_REVERSE,
	ACT_COLUMNS,
	ACT_VIEW_SAVE,
	ACT_VIEWS,
	ACT_PAUSE,
	ACT_REFRESH,
	ACT_TIMELINE,
	ACT_EXPLAIN,
	ACT_DETAILS,
	ACT_THRESHOLDS,
	ACT_OPTIONS,
	ACT_REVEAL,
	ACT_ZONE,
	ACT_MESSAGES,
	ACT_HELP,
	/* do: nothing here leaves the machine */
	ACT_MARK,
	ACT_MARK_RANGE,
	ACT_MARK_ALL,
	ACT_UNMARK_ALL,
	ACT_ACTIONS,
	ACT_UNDO,
	ACT_NOTE,
	ACT_ACK_ALERT,
	ACT_COPY,
	ACT_EXPORT,
	ACT_DIFF,
	ACT_HANDOVER,
	ACT_STOP,       /* a zero-out between two calls; where none goes on, its key leaves what is open */
	/* the program itself */
	ACT_COMMAND,
	ACT_PALETTE,
	ACT_SETTINGS,
	ACT_NEXT_THEME,
	ACT_MOUSE,
	ACT_REDRAW,
	ACT_SUSPEND,
	/* chosen from a sheet or menu; local, so a key may be given */
	ACT_COPY_ID,
	ACT_COPY_ROW,
	ACT_COPY_CELL,
	ACT_COPY_LINK,
	ACT_RETRY,
	ACT_ASSIGN,
	ACT_MUTE,
	ACT_CLOSE_ALERT,
	ACT_STEP_1, /* five in a row: the steps of a runbook card */
	ACT_STEP_2,
	ACT_STEP_3,
	ACT_STEP_4,
	ACT_STEP_5,
	ACT_HALT,       /* stop a zero-out between two calls */
	ACT_RAW,
	ACT_PROBE,      /* read it from its channel now */
	ACT_ARCHIVE,
	ACT_DECIDE_PUSH,   /* of a row of a session: say ours again; carried out with all others, by one typed line */
	ACT_DECIDE_ACCEPT, /* theirs is right */
	ACT_DECIDE_HOLD,   /* hold it at zero */
	ACT_DECIDE_REMAP,  /* it stands for another item */
	ACT_DECIDE_IGNORE,
	ACT_DECIDE_NONE,   /* take the decision back */
	ACT_BEGIN,         /* a session */
	ACT_REVIEW,        /* the day's */
	ACT_RECONCILE,     /* read and compare everything now */
	ACT_LEAVE,         /* a session, without carrying out the rest */
	ACT_SUMMARY,
	ACT_TASK_DONE,
	ACT_TASK_SKIP,
	ACT_TASK_REOPEN,
	ACT_TAKE_SHIFT, /* that somebody signed over */
	ACT_VERIFY,     /* walk the audit's chain */
	ACT_HIDDEN_TOO, /* the action is for the marks that the filter hides as well */
	/* these reach a marketplace: sheet, preview, typed line, and never a key */
	ACT_ACK_ORDER,
	ACT_SHIP,
	ACT_PUSH,
	ACT_ZERO,
	ACT_LIFT,
	ACT_GO_ON,      /* a zero-out, with what moved or was stopped */
	ACT_LET,        /* what a plan takes off sale and waits for a person */
	ACT_APPROVE,    /* what somebody else proposed */
	ACT_MAP,        /* a SKU of theirs stands for an item of ours */
	ACT_UNMAP,      /* what was said of it is taken back */
	ACT_SETTLE,     /* carry out what a session decided */
	ACTS
};

/* "page_down": the word of keymap.ini. */
const char *act_name(enum act act);

/* The other way round; ACT_NONE when it is no act's name. */
enum act act_from_name(const char *name);

/* Does it reach a marketplace? Such an act needs arming, a preview and a typed line. */
bool act_writes(enum act act);

/* Who sits here, as the engine's [roles] have it; it decides, here it is only not offered what it would refuse. */
enum rank { RANK_ANY, RANK_NOBODY, RANK_VIEWER, RANK_PROGRAM, RANK_OPERATOR, RANK_APPROVER }; /* ANY: nobody said; NOBODY: it is the past, where all that anybody can do is look */

enum rank rank_from_name(const char *name); /* "viewer"; RANK_ANY: none of them */
const char *rank_name(enum rank r);

/* May who is this ask for it? *takes, unless NULL, is who has to. */
bool rank_may(enum rank r, enum act act, enum rank *takes);

#endif
