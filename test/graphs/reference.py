"""The values that measures of networks are held to, by networkx. Run: python3 test/graphs/reference.py > test/graphs/reference.json"""
import json
import networkx as nx


def weighted(graph):
    """A whole weight a pair, without chance."""
    for a, b, data in graph.edges(data=True):
        data["weight"] = 1 + (7 * a + 3 * b) % 5
    return graph


def by_node(values):
    return [values[n] for n in sorted(values)]


karate = nx.Graph()
karate.add_nodes_from(range(34))
karate.add_edges_from((a, b) for a, b in nx.karate_club_graph().edges())
weighted(karate)
directed = weighted(nx.gnp_random_graph(25, 0.12, seed=3, directed=True))
parts = nx.disjoint_union(nx.path_graph(4), nx.cycle_graph(3))

measured = {"version": nx.__version__, "graphs": {}}
for name, g in {"karate": karate, "directed": directed, "parts": weighted(parts)}.items():
    distances = nx.single_source_dijkstra_path_length(g, 0)
    measured["graphs"][name] = {
        "nodes": g.number_of_nodes(),
        "directed": g.is_directed(),
        "edges": [[a, b, d["weight"]] for a, b, d in g.edges(data=True)],
        "degree": by_node(nx.degree_centrality(g)),
        "betweenness": by_node(nx.betweenness_centrality(g)),
        "weightedBetweenness": by_node(nx.betweenness_centrality(g, weight="weight")),
        "closeness": by_node(nx.closeness_centrality(g)),
        "pagerank": by_node(nx.pagerank(g, weight=None, tol=1e-13, max_iter=1000)),
        "weightedPagerank": by_node(nx.pagerank(g, weight="weight", tol=1e-13, max_iter=1000)),
        "clustering": by_node(nx.clustering(g.to_undirected())),
        "components": sorted((sorted(c) for c in (nx.weakly_connected_components(g) if g.is_directed() else nx.connected_components(g))), key=lambda c: (-len(c), c[0])),
        "strongComponents": sorted((sorted(c) for c in (nx.strongly_connected_components(g) if g.is_directed() else nx.connected_components(g))), key=lambda c: (-len(c), c[0])),
        "distances": [distances.get(n) for n in range(g.number_of_nodes())],
    }
measured["graphs"]["karate"]["eigenvector"] = by_node(nx.eigenvector_centrality(karate, tol=1e-12, max_iter=5000))
measured["graphs"]["karate"]["louvain"] = max(
    nx.community.modularity(karate, c, weight=None)
    for c in (nx.community.louvain_communities(karate, weight=None, seed=s) for s in range(20))
)
print(json.dumps(measured))
