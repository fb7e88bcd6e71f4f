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
    bool is_search = false;   ///< begins again with each slice; the others go on
    bool has_gained = true;   ///< its last slice reached something new, or there was none
    double last_slice_s = 0;  ///< how long that was
};

/// Time for one task.
struct Slice {
    std::size_t task = 0;
    double seconds = 0;
};

/// How the time of a whole check is divided over its tasks, round by round: an eighth of it, half
/// of the rest, the rest, and then, as long as there is any, what was given back. In a round each
/// task gets a share of what is left of it, searches first; one that has come to nothing new of
/// late gets a quarter of the others' share. What a task does not need goes to those after it.
///
/// A search that is cut off has to begin again. So it gets nothing in the second round, and later
/// only what is at least twice as long as its last slice. The last task that is not closed gets all
/// the time that is left.
///
/// Knows no clock: it is told how late it is.
class TimePlan {
 public:
    explicit TimePlan(double seconds) : seconds_(seconds) {}

    /// Who gets the next slice, `elapsed_s` seconds after the beginning of the check; none: no task
    /// can use more time, or there is none.
    std::optional<Slice> next(std::span<const TaskProgress> tasks, double elapsed_s);

 private:
    static constexpr std::uint32_t second = 1;  ///< the rounds, counted from 0
    static constexpr std::uint32_t last = 2;

    void begin_round(double elapsed_s);
    double share_of(std::span<const TaskProgress> tasks, std::size_t number) const;

    double seconds_;
    std::uint32_t round_ = 0;
    double round_end_s_ = 0;
    std::size_t place_ = 0;   ///< in the order of the round: all searches, then all others
    bool has_begun_ = false;  ///< the first round
    bool has_given_ = false;  ///< somebody has got something in this round
};

}  // namespace parley::cli
