#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace parley::cli {

enum class TaskState : std::uint8_t {
    waiting,  ///< for what another task comes to
    open,     ///< more time may find more
    closed,
};

/// What the plan knows of a task.
struct TaskProgress {
    TaskState state = TaskState::open;
    bool is_search = false;  ///< begins again with each slice; the others go on
    /// Its last slice reached something new, or of a search made its end worth having; or there was
    /// none.
    bool has_gained = true;
    double last_slice_s = 0;  ///< how long that was
};

/// Time for one task.
struct Slice {
    std::size_t task = 0;
    double seconds = 0;
};

/// How the time of a whole check is divided over its tasks. Searches and all others take turns: the
/// first two are short, and show who needs more; then searches have half of what is left, the
/// others half of the rest and then the rest, and so on with whatever was given back. In a turn
/// each task gets a share of what is left of it. One that has come to nothing new of late gets a
/// quarter of the others' share. What a task does not need goes to those after it.
///
/// A search that is cut off has to begin again, and takes only what is at least twice as long as
/// its last slice. The last task that is not closed gets all the time that is left.
///
/// Knows no clock: it is told how late it is.
class TimePlan {
 public:
    explicit TimePlan(double seconds) : seconds_(seconds) {}

    /// Who gets the next slice, `elapsed_s` seconds after the beginning of the check; none: no task
    /// can use more time, or there is none.
    std::optional<Slice> next(std::span<const TaskProgress> tasks, double elapsed_s);

 private:
    void begin_turn(double elapsed_s);
    bool is_for_searches() const;
    double share_of(std::span<const TaskProgress> tasks, std::size_t number) const;

    double seconds_;
    std::size_t turns_ = 0;  ///< that have begun
    double turn_end_s_ = 0;
    std::size_t next_ = 0;        ///< the task to look at in this turn
    std::size_t idle_turns_ = 0;  ///< in which nobody has got anything, up to this one
};

}  // namespace parley::cli
