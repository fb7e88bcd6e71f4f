#include "parley/checker/rc11/runtime/order_places.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"
#include "parley/checker/rc11/runtime/verify_search.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace parley::rc11 {

namespace {

using Json = nlohmann::json;

/// A file, to which each call adds a line; null: nobody asks.
const char* file_for_orders() {
    return std::getenv("PARLEY_ORDERS");
}

Json to_json(const Verification& found) {
    return {{"result", name_of(found.result)},
            {"reason", found.reason},
            {"executions", found.executions + found.blocked},
            {"text", text_of(found)}};
}

void answer(const OrdersVerification& found) {
    Json orders = Json::array();
    for (const WeakenedOrder& each : found.orders) {
        orders.push_back({{"place", each.place},
                          {"what", each.what},
                          {"order", each.order},
                          {"weakened", each.weakened},
                          {"verification", to_json(each.verification)}});
    }
    const Json line = {{"original", to_json(found.original)}, {"orders", std::move(orders)}};
    std::ofstream(file_for_orders(), std::ios::app)
        << line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
        << std::flush;
}

/// With the order of one site made weaker, wherever the compiler has put it: what nobody came to
/// before may only come into sight now.
Verification search_weakened(const std::function<void()>& code, const VerifyOptions& options,
                             const OrderSite& site, std::set<OrderPlace> places, Order weakened) {
    while (true) {
        OrderPlaces watched(places, weakened);
        Verification found = VerifySearch(code, options, &watched).run();
        const auto sites = sites_of(watched.seen());
        const auto all = sites.find(site);
        const std::size_t before = places.size();
        if (all != sites.end()) places.insert(all->second.begin(), all->second.end());
        if (places.size() == before) return found;
    }
}

std::vector<WeakenedOrder> weaken_each(const std::function<void()>& code,
                                       const VerifyOptions& options,
                                       const std::map<OrderSite, std::set<OrderPlace>>& sites) {
    std::vector<WeakenedOrder> orders;
    for (const auto& [site, places] : sites) {
        for (const Order weakened : one_step_weaker(site)) {
            orders.push_back({place_of(site), std::string{operation_of(site)},
                              std::string{to_text(site.order)}, std::string{to_text(weakened)},
                              search_weakened(code, options, site, places, weakened)});
        }
    }
    return orders;
}

}  // namespace

bool is_asked_for_orders() {
    return file_for_orders() != nullptr;
}

OrdersVerification verify_orders(const std::function<void()>& code, const VerifyOptions& options) {
    if (Runtime* const runtime = Runtime::active_here()) {
        runtime->refuse("verify_orders() within a check");
    }
    VerifyOptions whole = options;
    whole.workers = 1;
    whole.shard = 1;
    whole.shards = 1;
    whole.checkpoint.clear();
    OrderPlaces all;
    OrdersVerification found{VerifySearch(code, whole, &all).run(), {}};
    if (found.original.result == Result::verified) {
        found.orders = weaken_each(code, whole, sites_of(all.seen()));
    }
    if (is_asked_for_orders()) answer(found);
    return found;
}

}  // namespace parley::rc11
