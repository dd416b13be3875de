#include "ui/act.h"

#include <string.h>

static const char *const names[ACTS] = {
	[ACT_NONE] = "",
	[ACT_DOWN] = "down",
	[ACT_UP] = "up",
	[ACT_LEFT] = "left",
	[ACT_RIGHT] = "right",
	[ACT_FIRST] = "first",
	[ACT_LAST] = "last",
	[ACT_PAGE_DOWN] = "page_down",
	[ACT_PAGE_UP] = "page_up",
	[ACT_HALF_DOWN] = "half_down",
	[ACT_HALF_UP] = "half_up",
	[ACT_NEXT_PANE] = "next_pane",
	[ACT_PREV_PANE] = "prev_pane",
	[ACT_SCREEN_1] = "screen_1",
	[ACT_SCREEN_2] = "screen_2",
	[ACT_SCREEN_3] = "screen_3",
	[ACT_SCREEN_4] = "screen_4",
	[ACT_SCREEN_5] = "screen_5",
	[ACT_SCREEN_6] = "screen_6",
	[ACT_SCREEN_7] = "screen_7",
	[ACT_SCREEN_8] = "screen_8",
	[ACT_SCREEN_9] = "screen_9",
	[ACT_SCREEN_0] = "screen_0",
	[ACT_PREV_ITEM] = "prev_item",
	[ACT_NEXT_ITEM] = "next_item",
	[ACT_BACK] = "back",
	[ACT_FORWARD] = "forward",
	[ACT_GO_TO_ID] = "go_to_id",
	[ACT_OPEN] = "open",
	[ACT_CANCEL] = "cancel",
	[ACT_CLOSE] = "close",
	[ACT_ZOOM] = "zoom",
	[ACT_PREV_EVENT] = "prev_event",
	[ACT_NEXT_EVENT] = "next_event",
	[ACT_FILTER] = "filter",
	[ACT_FIND] = "find",
	[ACT_FIND_NEXT] = "find_next",
	[ACT_FIND_PREV] = "find_prev",
	[ACT_SORT] = "sort",
	[ACT_SORT_REVERSE] = "sort_reverse",
	[ACT_COLUMNS] = "columns",
	[ACT_VIEW_SAVE] = "view_save",
	[ACT_VIEWS] = "views",
	[ACT_PAUSE] = "pause",
	[ACT_REFRESH] = "refresh",
	[ACT_TIMELINE] = "timeline",
	[ACT_EXPLAIN] = "explain",
	[ACT_DETAILS] = "details",
	[ACT_THRESHOLDS] = "thresholds",
	[ACT_OPTIONS] = "options",
	[ACT_REVEAL] = "reveal",
	[ACT_ZONE] = "zone",
	[ACT_MESSAGES] = "messages",
	[ACT_HELP] = "help",
	[ACT_MARK] = "mark",
	[ACT_MARK_RANGE] = "mark_range",
	[ACT_MARK_ALL] = "mark_all",
	[ACT_UNMARK_ALL] = "unmark_all",
	[ACT_ACTIONS] = "actions",
	[ACT_UNDO] = "undo",
	[ACT_NOTE] = "note",
	[ACT_ACK_ALERT] = "ack_alert",
	[ACT_COPY] = "copy",
	[ACT_EXPORT] = "export",
	[ACT_DIFF] = "diff",
	[ACT_HANDOVER] = "handover",
	[ACT_STOP] = "stop",
	[ACT_COMMAND] = "command",
	[ACT_PALETTE] = "palette",
	[ACT_SETTINGS] = "settings",
	[ACT_NEXT_THEME] = "next_theme",
	[ACT_MOUSE] = "mouse",
	[ACT_REDRAW] = "redraw",
	[ACT_SUSPEND] = "suspend",
	[ACT_COPY_ID] = "copy_id",
	[ACT_COPY_ROW] = "copy_row",
	[ACT_COPY_CELL] = "copy_cell",
	[ACT_COPY_LINK] = "copy_link",
	[ACT_RETRY] = "retry",
	[ACT_ASSIGN] = "assign",
	[ACT_MUTE] = "mute",
	[ACT_CLOSE_ALERT] = "close_alert",
	[ACT_STEP_1] = "step_1",
	[ACT_STEP_2] = "step_2",
	[ACT_STEP_3] = "step_3",
	[ACT_STEP_4] = "step_4",
	[ACT_STEP_5] = "step_5",
	[ACT_HALT] = "halt",
	[ACT_RAW] = "raw",
	[ACT_PROBE] = "probe",
	[ACT_ARCHIVE] = "archive",
	[ACT_DECIDE_PUSH] = "decide_push",
	[ACT_DECIDE_ACCEPT] = "decide_accept",
	[ACT_DECIDE_HOLD] = "decide_hold",
	[ACT_DECIDE_REMAP] = "decide_remap",
	[ACT_DECIDE_IGNORE] = "decide_ignore",
	[ACT_DECIDE_NONE] = "decide_none",
	[ACT_BEGIN] = "begin",
	[ACT_REVIEW] = "review",
	[ACT_RECONCILE] = "reconcile",
	[ACT_LEAVE] = "leave",
	[ACT_SUMMARY] = "summary",
	[ACT_TASK_DONE] = "task_done",
	[ACT_TASK_SKIP] = "task_skip",
	[ACT_TASK_REOPEN] = "task_reopen",
	[ACT_TAKE_SHIFT] = "take_shift",
	[ACT_VERIFY] = "verify",
	[ACT_HIDDEN_TOO] = "hidden_too",
	[ACT_ACK_ORDER] = "ack_order",
	[ACT_SHIP] = "ship",
	[ACT_PUSH] = "push",
	[ACT_ZERO] = "zero",
	[ACT_LIFT] = "lift",
	[ACT_GO_ON] = "go_on",
	[ACT_LET] = "let",
	[ACT_APPROVE] = "approve",
	[ACT_MAP] = "map",
	[ACT_UNMAP] = "unmap",
	[ACT_SETTLE] = "settle",
};

const char *act_name(enum act act)
{
	return names[act];
}

enum act act_from_name(const char *name)
{
	for (enum act a = ACT_NONE + 1; a < ACTS; a++)
		if (!strcmp(names[a], name))
			return a;
	return ACT_NONE;
}

bool act_writes(enum act act)
{
	return act >= ACT_ACK_ORDER && act < ACTS;
}

/* ---- who may ---- */

static const char *const ranks[] = { "", "", "viewer", "program", "operator", "approver" };

enum rank rank_from_name(const char *name)
{
	for (enum rank r = RANK_VIEWER; r <= RANK_APPROVER; r++)
		if (!strcmp(ranks[r], name))
			return r;
	return RANK_ANY;
}

const char *rank_name(enum rank r)
{
	return ranks[r];
}

static enum rank least(enum act act)
{
	switch (act) {
	case ACT_NOTE: case ACT_ASSIGN: case ACT_PROBE: case ACT_RECONCILE: case ACT_DECIDE_PUSH: case ACT_DECIDE_ACCEPT: case ACT_DECIDE_HOLD:
	case ACT_DECIDE_REMAP: case ACT_DECIDE_IGNORE: case ACT_DECIDE_NONE: case ACT_BEGIN: case ACT_REVIEW: case ACT_LEAVE:
		return RANK_PROGRAM;
	case ACT_REVEAL: case ACT_ACK_ALERT: case ACT_RETRY: case ACT_MUTE: case ACT_CLOSE_ALERT: case ACT_STEP_1: case ACT_STEP_2: case ACT_STEP_3:
	case ACT_STEP_4: case ACT_STEP_5: case ACT_HALT: case ACT_ARCHIVE: case ACT_TASK_DONE: case ACT_TASK_SKIP: case ACT_TASK_REOPEN: case ACT_TAKE_SHIFT: case ACT_HANDOVER:
		return RANK_OPERATOR;
	default:
		return act_writes(act) ? RANK_OPERATOR : RANK_VIEWER;
	}
}

bool rank_may(enum rank r, enum act act, enum rank *takes)
{
	enum rank needed = least(act);

	if (takes)
		*takes = needed;
	return needed == RANK_VIEWER || r == RANK_ANY || r >= needed;
}
