#include "parley/checker/page_graph.hpp"

#include "parley/checker/record.hpp"

#include <algorithm>
#include <string>

namespace parley::checker {

std::vector<PageStep> PageGraph::path_to(Id id) const {
    std::vector<PageStep> path;
    for (auto origin = origins_[id]; origin.parent != StateStore::none;
         origin = origins_[origin.parent]) {
        path.push_back(system_->steps(configuration(origin.parent))[origin.step]);
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<Event> events_of(const PageSystem& system, const std::vector<PageStep>& path) {
    Recorder recorder;
    Configuration at = system.initial();
    for (const PageStep& step : path) {
        const std::string message = system.text({step.transition->message, step.conversation});
        if (step.is_send()) {
            recorder.send(step.party, message);
        } else {
            recorder.receive_at(step.position, step.party, message);
        }
        at = system.after(at, step);
        recorder.end_step(step.party, system.state_text(at, step.party));
    }
    return recorder.events();
}

}  // namespace parley::checker
